import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl plans approve`.
struct PlanApprove: Command {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a plan, so that it may run.",
        discussion: """
            With --revision, only the steps that were read are approved: an edit meanwhile is refused.

            EXAMPLE
              agentctl plans approve 7 --revision 2
            """
    )

    @Argument(help: "The plan's number.")
    var id: Int64

    @Option(help: ArgumentHelp("The revision that is meant.", valueName: "number"))
    var revision: Int?

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { store in
            let isNew = try await store.approvePlan(id, revision: revision)
            if console.isJSON {
                console.print(["plan": .integer(id), "approved": .bool(isNew)])
            } else {
                console.note(isNew ? "plan \(id) is approved" : "plan \(id) was approved before")
            }
            return .done
        }
    }
}
