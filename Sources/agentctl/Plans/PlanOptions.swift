import ArgumentParser
import Engine
import JSON
import Orchestration

extension ExecutionMode: ExpressibleByArgument {}

/// The options of commands that make plans.
struct PlanOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A value for what the task does not say: KEY=TEXT, or KEY:=JSON; may be given more than once.",
            valueName: "key=value"
        )
    )
    var context: [String] = []

    @Option(help: ArgumentHelp("How steps are run.", valueName: "mode"))
    var mode = ExecutionMode.sequential

    @Option(help: ArgumentHelp("Most steps that a run takes, 1 to 200.", valueName: "count"))
    var maxSteps = 10

    @Option(help: ArgumentHelp("Most recoveries in a run, 0 to 20.", valueName: "count"))
    var maxReplans = 2

    @Option(help: ArgumentHelp("The agent that runs the plan.", valueName: "name"))
    var agent = "executor"

    @Option(
        help: ArgumentHelp(
            "The agent that plans what no template fits; the setting planning_agent, if none is named.",
            valueName: "name"
        )
    )
    var planner: String?

    func validate() throws {
        guard (1...200).contains(maxSteps) else { throw ValidationError("--max-steps is between 1 and 200.") }
        guard (0...20).contains(maxReplans) else { throw ValidationError("--max-replans is between 0 and 20.") }
        _ = try values()
    }

    /// The context as an object.
    func values() throws -> JSONObject {
        try KeyedValues.object(context, option: "--context")
    }
}
