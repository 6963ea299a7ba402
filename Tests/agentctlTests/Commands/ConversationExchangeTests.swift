import JSON
import TestSupport
import Testing

struct ConversationExchangeTests {
    @Test func aConversationIsWrittenReadIntoAnotherDatabaseAndWrittenTheSame() async throws {
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

    @Test func whatIsWrongWithAFileIsToldWithItsPlacesAndNothingIsStored() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("send", "-c", "a", "What is 1+1?", url: url).status == 0)
            let text = try await agentctl("conversations", "export", "a", url: url).output
            let forged = text.replacing("\"number\": 2, ", with: "\"number\": 9, ", maxReplacements: 1)
            let files = [
                "broken.json": "{\n  \"format\": nope}",
                "role.json": text.replacing("\"role\": \"tool\"", with: "\"role\": \"boss\""),
                "forged.json": forged,
                "twice.json": text.replacing("\"version\": 1,\n", with: "\"version\": 1,\n\"version\": 1,\n"),
            ]
            try await withFiles(files) { directory in
                func refusal(_ name: String) async throws -> String {
                    let file = "\(directory)/\(name)"
                    let result = try await agentctl("conversations", "import", file, "--as", "b", url: url)
                    #expect(result.status == 3 && result.output == "")
                    return result.errors.replacing(file, with: "FILE")
                }
                let broken = try await refusal("broken.json")
                #expect(broken.hasPrefix("FILE:2:") && broken.contains("is not JSON"))
                #expect(try await refusal("twice.json").contains("version"))
                let role = try await refusal("role.json")
                #expect(role.contains("messages[2].role") && role.contains("nothing was stored"))
                let line = text.split(separator: "\n").firstIndex { $0.contains("\"number\": 2, ") }.map { $0 + 1 } ?? 0
                #expect(try await refusal("forged.json").contains("FILE:\(line):"))
                let json = try await agentctl(
                    "conversations",
                    "import",
                    "\(directory)/forged.json",
                    "--as",
                    "b",
                    "--json",
                    url: url
                )
                let problems = try JSONValue(parsing: json.errors)["error"]?["problems"]?.arrayValue
                #expect(problems?.first?["path"]?.stringValue?.hasSuffix(".number") == true)
                #expect(try await agentctl("conversations", "import", "\(directory)/none.json", url: url).status == 4)
                #expect(try await agentctl("conversations", "import", "-", "--limit", "256", url: url).status == 2)
            }
            #expect(try await agentctl("conversations", "show", "b", url: url).status == 4)
        }
    }
}
