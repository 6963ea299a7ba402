import JSON
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Safety
@testable import Store
@testable import Tools

/// A policy that asks about everything.
private struct AskingAlways: CallPolicy {
    let approvalTimeout: Duration = .seconds(3_600)

    func decide(_ call: ProposedCall) -> SafetyDecision {
        SafetyDecision(.ask, rule: "policy test, rule 1", subject: "x")
    }
}

/// Nobody is asked about calls that come to nothing.
@Suite struct RefusedCallTests {
    @Test(arguments: [#"{"entry": "x"#, #"{"entry": 7}"#, #"{"entri": "x"}"#, "[]"])
    func malformedArgumentsReachNoApprover(arguments: String) async throws {
        let ledger = Ledger()
        try await withMockModel { request in
            guard request.messages.last?["role"] == "user" else { return .text(request.lastText) }
            return .toolCalls([.init(id: "c", name: "write", arguments: request.lastText)])
        } perform: { model in
            try await Bench.with(ledger, model: model, policy: AskingAlways()) { bench in
                let summary = try await bench.client().send(.message(arguments), to: "c") { _ in }
                #expect(summary.status == .succeeded && summary.reply?.hasPrefix("Error: The arguments") == true)
                let call = "SELECT state || ' ' || error_code || ' ' || rule AS text FROM agentctl.tool_call"
                #expect(
                    try await bench.text(.init(call))
                        == "failed invalid_arguments allow by no rule: its tool refuses it"
                )
                #expect(try await bench.conversations.approvals(isPending: false, limit: 10).isEmpty)
                // A call that could run is asked about.
                let asked = try await bench.client().send(.message(#"{"entry": "y"}"#), to: "c") { _ in }
                #expect(asked.status == .waiting && ledger.all == [])
            }
        }
    }

    @Test func aPathThatIsNeverWrittenToIsRefusedBeforehand() throws {
        let definition = ToolDefinition(name: "file_write", versionID: 1, implementation: "file_write")
        let router = try ToolRouter([try ToolFactory().tool(for: definition)])
        func isRefused(_ path: String) -> Bool {
            router.isRefused(
                ToolCallRequest(id: "c", name: "file_write", arguments: #"{"path":"\#(path)","content":"x"}"#)
            )
        }
        for path in [".git/hooks/pre-commit", "a/.GIT/config", "../x", "../x/..", "/etc/passwd", "a/.."] {
            #expect(isRefused(path), "\(path)")
        }
        for path in ["a", "a/b", ".gitignore"] { #expect(!isRefused(path), "\(path)") }
    }
}
