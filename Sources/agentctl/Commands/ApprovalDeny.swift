import ArgumentParser
import Engine
import Store

/// The command `agentctl approvals deny`.
struct ApprovalDeny: Command {
    static let configuration = CommandConfiguration(
        commandName: "deny",
        abstract: "Do not let a tool call run that waits.",
        discussion: """
            EXAMPLE
              agentctl approvals deny 17 --reason 'use the staging database'
            """
    )

    @OptionGroup var decision: DecisionOptions

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            try await decision.decide(approves: false, in: conversations, on: console)
        }
    }
}
