import JSON
import TestSupport
import Testing

struct ConversationExchangeTests {
    @Test("A conversation is written, read into another database and written the same")
    func roundTrip() async throws {
        try await withDatabase(template: .seeded) { first in
            try await withDatabase(template: .seeded) { second in
                for message in ["What is 1+1?", "hello"] {
                    #expect(try await agentctl("send", "-c", "a", message, url: first).status == 0)
                }
                let file = try await agentctl("conversations", "export", "a", url: first)
                #expect(file.status == 0 && file.errors == "")
                let checked = try await agentctl(
                    "conversations",
                    "import",
                    "-",
                    "--dry-run",
                    "--json",
                    url: second,
                    input: file.output
                )
                #expect(try checked.status == 0 && checked.json["messages"] == 6 && checked.json["dry_run"] == true)
                #expect(try await agentctl("conversations", "export", "a", url: second).status == 4)
                let imported = try await agentctl("conversations", "import", "-", url: second, input: file.output)
                #expect(imported.status == 0 && imported.errors.contains("conversation a: 6 messages, 2 turns"))
                #expect(try await agentctl("conversations", "export", "a", url: second).output == file.output)
                let taken = try await agentctl("conversations", "import", "-", url: second, input: file.output)
                #expect(taken.status == 3 && taken.errors.contains("already") && taken.errors.contains("--as"))
                let copied = try await agentctl(
                    "conversations",
                    "import",
                    "-",
                    "--as",
                    "b",
                    url: second,
                    input: file.output
                )
                #expect(copied.status == 0)
                #expect(try await agentctl("send", "-c", "b", "What is 2+2?", url: second).output == "It is 4.\n")
            }
        }
    }
}
