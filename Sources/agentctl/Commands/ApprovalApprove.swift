import ArgumentParser
import Engine
import Store

/// The command `agentctl approvals approve`.
struct ApprovalApprove: Command {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Let a tool call run that waits.",
        discussion: """
            EXAMPLE
              agentctl approvals approve 17
              agentctl approvals approve 17 --scope conversation     (the same call again, in this conversation)
            """
    )

    @OptionGroup var decision: DecisionOptions

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            try await decision.decide(approves: true, in: conversations, on: console)
        }
    }
}
