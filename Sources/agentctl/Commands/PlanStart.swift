import ArgumentParser
import Engine
import Logging
import Orchestration
import Store

/// The command `agentctl plans run`.
struct PlanStart: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run an approved plan, what is left of it, or go on waiting for one that runs.",
        discussion: """
            Without a running worker (agentctl work), this command works on it itself. The exit status is 0 when the plan is \
            completed.

            A plan that failed or was interrupted goes on: completed steps stay, and the others run. Where a step with an \
            effect was cut off, --step says whether it happened.

            EXAMPLE
              agentctl plans run 7 --workspace .
              agentctl plans run 7 --workspace . --step 2=did_not_happen
            """
    )

    @Argument(help: "The plan's number.")
    var id: Int64

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The agent that runs it; executor, or the one that ran it.", valueName: "name")
    )
    var agent: String?

    @Option(help: ArgumentHelp("How steps are run, instead of what the plan says.", valueName: "mode"))
    var mode: ExecutionMode?

    @Option(help: ArgumentHelp("Most steps, instead of what the plan says.", valueName: "count"))
    var maxSteps: Int?

    @Option(
        help: ArgumentHelp(
            "Whether a step that was cut off happened: happened or did_not_happen; can be repeated.",
            valueName: "number=outcome"
        )
    )
    var step: [String] = []

    @OptionGroup var tools: ToolOptions

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard maxSteps.map({ (1...200).contains($0) }) ?? true else {
            throw ValidationError("--max-steps is between 1 and 200.")
        }
        _ = try outcomes()
    }

    private func outcomes() throws -> JSONObject {
        var outcomes: JSONObject = [:]
        for text in step {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, Int(parts[0]) != nil, ["happened", "did_not_happen"].contains(parts[1]) else {
                throw ValidationError("--step is NUMBER=happened or NUMBER=did_not_happen, and not \"\(text)\".")
            }
            outcomes[String(parts[0])] = .string(String(parts[1]))
        }
        return outcomes
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            try await withEngine(stores, tools) { engine in
                let execution = PlanExecution(plan: id, stores: stores, engine: engine, console: console)
                let row = try await stores.reports.planReport(id: id).first
                let isOver = ["failed", "cancelled"].contains(row?["state"]?.stringValue)
                guard !isOver, let conversation = row?["conversation_id"]?.stringValue,
                    let seq = row?["seq"]?.integerValue
                else {
                    let outcomes = try outcomes()
                    return try await execution.start(
                        agent: agent,
                        mode: mode,
                        maximumSteps: maxSteps,
                        outcomes: outcomes
                    )
                }
                try refuseChanges(of: row?["state"]?.stringValue ?? "running")
                return try await execution.follow(seq, of: conversation, after: 0)
            }
        }
    }

    /// How a plan runs is said before it does.
    private func refuseChanges(of state: String) throws {
        let given = [
            ("--agent", agent != nil), ("--mode", mode != nil), ("--max-steps", maxSteps != nil),
            ("--step", !step.isEmpty),
        ].filter(\.1).map(\.0)
        guard !given.isEmpty else { return }
        throw CommandFailure(
            .usage,
            code: "usage",
            "plan \(id) is \(state): \(given.joined(separator: ", ")) would change nothing",
            hint: "Without it the command \(state == "completed" ? "shows what came of it" : "goes on waiting for it")."
        )
    }
}
