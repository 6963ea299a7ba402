import TestSupport
import Testing

struct ChatTests {
    @Test func eachLineIsAMessageTheEndOfTheInputEndsTheChat() async throws {
        try await withDatabase(template: .seeded) { url in
            let input = "What is 1 + 1?\n\n  \nWhat is 2 * 21?"
            let result = try await agentctl("chat", "--conversation", "1", "--quiet", url: url, input: input)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == "It is 2.\nIt is 42.\n")
            #expect(try await psql(url, "SELECT count(*) FROM agentctl.turn") == "2")
        }
    }
}
