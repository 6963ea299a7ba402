import TestSupport
import Testing

struct ConversationResolveTests {
    @Test func whatDoesNotWaitCannotBeResolvedAndTheErrorSaysWhereToLook() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("send", "-c", "c", "hello", url: url).status == 0)
            let notWaiting = try await agentctl("conversations", "resolve", "c/1", "happened", url: url)
            #expect(notWaiting.status == 3 && notWaiting.errors.contains("calls_in_doubt"))
            #expect(notWaiting.errors.contains("no call of turn c/1"), "\(notWaiting.errors)")
            #expect(try await agentctl("conversations", "resolve", "none/1", "happened", url: url).status == 4)
            #expect(try await agentctl("conversations", "resolve", "c", "happened", url: url).status == 2)
            #expect(try await agentctl("conversations", "resolve", "c/1", "perhaps", url: url).status == 2)
        }
    }
}
