import ArgumentParser
import Engine
import JSON
import Logging
import Store

/// The command `agentctl plan-task`.
struct PlanTask: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan-task",
        abstract: "Make a plan of a task, and store it.",
        discussion: """
            The task is cut into clauses that plan templates fit, without a model; what no template fits is planned by the \
            planning agent, if there is one. The plan can be edited and approved, and then run: agentctl plans.

            EXAMPLE
              agentctl plan-task 'Read config and run tests' --context command='pytest tests/'
              agentctl plan-task 'Run tests' --mode parallel --approve --json
            """
    )

    @Argument(help: "What is to be done.")
    var task: String

    @OptionGroup var plan: PlanOptions

    @Flag(help: "Approve the plan at once.")
    var approve = false

    @OptionGroup var tools: ToolOptions

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            let id = try await withEngine(stores, tools) { engine in
                try await Planning(stores: stores, options: plan, client: engine.client).plan(task)
            }
            if approve { _ = try await stores.conversations.approvePlan(id) }
            try await PlanShow.print(id, from: stores, on: console)
            let next = approve ? "run it: agentctl plans run \(id)" : "approve it: agentctl plans approve \(id)"
            console.note("plan \(id); \(next)")
            return .done
        }
    }
}
