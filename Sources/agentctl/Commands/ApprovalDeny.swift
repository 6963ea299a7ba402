import ArgumentParser
import Engine

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
        try await withStore(on: console) { store in
            try await decision.decide(approves: false, in: store, on: console)
        }
    }
}
