package import Conversation
internal import JSON
package import Tools

/// Gives the tasks of one turn out, and takes their results.
///
/// It decides and stores nothing: the turn stores the tasks with its answer, SQL starts them, and the end of each wakes
/// the turn.
package struct Minion: Sendable {
    private let tools: ToolRouter
    private let tasks: [TaskOutcome]
    private let told: Int

    /// A minion of a turn.
    ///
    /// - Parameters:
    ///   - tools: The agent's tools.
    ///   - progress: What earlier attempts at the turn have stored; nil for nothing.
    package init(tools: ToolRouter, progress: TurnProgress?) {
        self.tools = tools
        tasks = progress?.tasks ?? []
        told = progress?.told ?? 0
    }

    /// How far the calls of a round have come that delegate, by their places.
    package func delegations(of calls: [ToolCallRecord]) -> [Int: Delegation] {
        var found: [Int: Delegation] = [:]
        for (index, call) in calls.enumerated() {
            guard call.effect == .sql, let tool = tools.delegateTool(named: call.request.name) else { continue }
            let group = Delegation.group(ofCall: call.number)
            found[index] = Delegation(of: call.request, tasks: tasks.filter { $0.group == group }, tool: tool)
        }
        return found
    }

    /// The tasks that calls ask for.
    ///
    /// - Parameter calls: The calls by their places in the round; none has tasks yet.
    /// - Returns: How far each has come now, and the tasks of all that can be.
    package func spawn(
        _ calls: [(index: Int, call: ToolCallRecord)]
    ) -> (delegations: [(index: Int, delegation: Delegation)], tasks: [TaskRequest]) {
        var spawned: [TaskRequest] = []
        var delegations: [(index: Int, delegation: Delegation)] = []
        for (index, call) in calls {
            do throws(ToolError) {
                let new = try requests(of: call, from: (tasks.last?.number ?? 0) + spawned.count + 1)
                spawned += new
                delegations.append((index, .open(new.count)))
            } catch {
                let output = ToolOutput("Error: \(error.message)")
                delegations.append((index, .ended(ToolCallResult(call: call.request, output: output, error: error))))
            }
        }
        return (delegations, spawned)
    }

    /// What a turn waits for that has so many open tasks.
    package func awaited(_ open: Int) -> TurnRecord.AwaitedTasks {
        TurnRecord.AwaitedTasks(endings: open, told: told)
    }

    private func requests(of call: ToolCallRecord, from number: Int) throws(ToolError) -> [TaskRequest] {
        let entry = try tools.entry(named: call.request.name)
        let arguments = try ToolRouter.arguments(of: call.request, for: entry)
        guard let tool = entry.tool as? DelegateTool else { throw ToolError(.failed, "This tool delegates nothing.") }
        return try tool.requests(for: arguments, group: Delegation.group(ofCall: call.number), from: number)
    }
}

extension ToolRouter {
    /// The tool of that name, if it delegates.
    package func delegateTool(named name: String) -> DelegateTool? {
        tool(named: name) as? DelegateTool
    }
}
