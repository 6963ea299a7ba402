import ArgumentParser
import Engine
import Logging
import Store

/// The command `agentctl execute`.
struct Execute: ToolCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plan a task and run the plan.",
        discussion: """
            As agentctl plan-task --approve and then agentctl plans run. A line on stderr tells of each step that begins or \
            ends; what it came to is printed at the end. In the mode interactive each step waits for an approval.

            EXAMPLE
              agentctl execute 'Read config and run tests' --context command='pytest tests/' --workspace .
              agentctl execute 'List the files' --mode interactive --max-steps 10
            """
    )

    @Argument(help: "What is to be done.")
    var task: String

    @OptionGroup var plan: PlanOptions

    @OptionGroup var tools: ToolOptions

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            try await withEngine(stores, tools) { engine in
                let id = try await Planning(stores: stores, options: plan, client: engine.client).plan(task)
                if !console.isJSON { console.note(try await stores.conversations.planSummary(id)) }
                _ = try await stores.conversations.approvePlan(id)
                let execution = PlanExecution(plan: id, stores: stores, engine: engine, console: console)
                return try await execution.start(agent: plan.agent)
            }
        }
    }
}
