import TestSupport
import Testing

struct ApprovalCommandTests {
    @Test func withoutRequestsThereIsNothingToListShowOrDecide() async throws {
        try await withDatabase(template: .seeded) { url in
            let list = try await agentctl("approvals", "list", url: url)
            #expect(list.status == 0 && list.errors.contains("nothing waits"))
            #expect(try await agentctl("approvals", "show", "1", url: url).status == 4)
            #expect(try await agentctl("approvals", "approve", "1", url: url).status == 4)
            #expect(try await agentctl("approvals", "deny", "1", "--reason", "no", url: url).status == 4)
            #expect(try await agentctl("approvals", "approve", "1", "--scope", "ever", url: url).status == 2)
        }
    }
}
