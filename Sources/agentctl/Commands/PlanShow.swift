import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl plans show`.
struct PlanShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a plan with its steps and how far each is.",
        discussion: """
            EXAMPLE
              agentctl plans show 7
              agentctl plans show 7 --steps > steps.json    (to be changed and given to agentctl plans edit)
            """
    )

    @Argument(help: "The plan's number.")
    var id: Int64

    @Flag(help: "Print the steps as agentctl plans edit takes them.")
    var steps = false

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            if steps {
                _ = try await stores.conversations.planSummary(id)
                let rows = try await stores.reports.planSteps(id)
                console.print(.array(rows.map { .object($0.editable) }))
            } else {
                try await Self.print(id, from: stores, on: console)
            }
            return .done
        }
    }

    /// Prints a plan.
    static func print(_ id: Int64, from stores: Stores, on console: Console) async throws {
        let summary = try await stores.conversations.planSummary(id)
        guard console.isJSON else { return console.print(console.output.shown(summary)) }
        var plan = try await stores.reports.planReport(id: id).first ?? [:]
        plan["plan_steps"] = .array(try await stores.reports.planSteps(id).map { .object($0) })
        plan["summary"] = .string(summary)
        console.print(.object(plan))
    }
}

extension JSONObject {
    /// What can be edited of a step.
    fileprivate var editable: JSONObject {
        let members: Set<String> = [
            "tool", "function", "agent", "capabilities", "arguments", "description", "after", "find",
        ]
        return JSONObject(filter { members.contains($0.key) && !$0.value.isNull }.map { ($0.key, $0.value) })
    }
}
