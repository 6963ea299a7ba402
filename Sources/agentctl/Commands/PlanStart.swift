import ArgumentParser
import Engine
import Logging
import Orchestration
import Store

/// The command `agentctl plans run`.
struct PlanStart: Command {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run an approved plan, or go on waiting for one that runs.",
        discussion: """
            Without a running worker (agentctl work), this command works on it itself. The exit status is 0 when the plan is \
            completed.

            EXAMPLE
              agentctl plans run 7 --workspace .
            """
    )

    @Argument(help: "The plan's number.")
    var id: Int64

    @Option(name: .shortAndLong, help: ArgumentHelp("The agent that runs it.", valueName: "name"))
    var agent = "executor"

    @Option(help: ArgumentHelp("How steps are run, instead of what the plan says.", valueName: "mode"))
    var mode: ExecutionMode?

    @Option(help: ArgumentHelp("Most steps, instead of what the plan says.", valueName: "count"))
    var maxSteps: Int?

    @OptionGroup var tools: ToolOptions

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard maxSteps.map({ (1...200).contains($0) }) ?? true else {
            throw ValidationError("--max-steps is between 1 and 200.")
        }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            try await withEngine(stores, tools) { engine in
                let execution = PlanExecution(plan: id, stores: stores, engine: engine, console: console)
                let row = try await stores.reports.planReport(id: id).first
                guard let conversation = row?["conversation_id"]?.stringValue, let seq = row?["seq"]?.integerValue
                else {
                    return try await execution.start(agent: agent, mode: mode, maximumSteps: maxSteps)
                }
                return try await execution.follow(seq, of: conversation, after: 0)
            }
        }
    }
}
