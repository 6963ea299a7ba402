import JSON
import TestSupport
import Testing

struct ConversationOperationTests {
    @Test func turnsAreUndoneConversationsForkedChangedAndClosed() async throws {
        try await withDatabase(template: .seeded) { url in
            for message in ["What is 1+1?", "What is 2+2?"] {
                #expect(try await agentctl("send", "-c", "a", message, url: url).status == 0)
            }
            let undone = try await agentctl("conversations", "undo", "a", "--json", url: url)
            #expect(try undone.status == 0 && undone.json["turns"] == [2])
            let fork = try await agentctl("conversations", "fork", "a", "b", "--json", url: url)
            #expect(try fork.json == ["conversation_id": "b", "messages": 4])
            #expect(try await agentctl("conversations", "fork", "a", "b", url: url).status == 3)
            let set = try await agentctl("conversations", "set", "a", "--agent", "assistant", url: url)
            #expect(set.status == 0 && set.errors.contains("agent = \"assistant\""))
            #expect(try await agentctl("conversations", "set", "a", "--agent", "asistant", url: url).status == 4)
            #expect(try await agentctl("conversations", "close", "a", url: url).status == 0)
            let refused = try await agentctl("send", "-c", "a", "hello", url: url)
            #expect(refused.status == 3 && refused.errors.contains("is closed"))
            #expect(try await agentctl("conversations", "undo", "none", url: url).status == 4)
        }
    }
}
