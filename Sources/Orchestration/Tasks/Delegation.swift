package import Conversation
import Tools

/// How far a call that delegates has come.
package enum Delegation: Sendable, Hashable {
    /// It has no tasks yet.
    case new
    /// So many of its tasks have not ended.
    case open(Int)
    /// All have ended, or it could not be.
    case ended(ToolCallResult)

    /// What the tasks of a call belong to.
    ///
    /// - Parameter number: The call's number within the turn.
    package static func group(ofCall number: Int) -> String { "call \(number)" }

    /// How far a call has come.
    ///
    /// - Parameters:
    ///   - request: The call.
    ///   - tasks: Its tasks by number, as the turn finds them.
    ///   - tool: Says how long the result may be.
    package init(of request: ToolCallRequest, tasks: [TaskOutcome], tool: DelegateTool) {
        let open = tasks.count { !$0.isTold }
        guard !tasks.isEmpty else {
            self = .new
            return
        }
        self = open > 0 ? .open(open) : .ended(Self.result(of: request, tasks, bytes: tool.limits.outputBytes))
    }

    /// The result that the model receives: the reply of the only task, or a section for each task.
    private static func result(of request: ToolCallRequest, _ tasks: [TaskOutcome], bytes: Int) -> ToolCallResult {
        // An equal share for each, so that a long reply takes no other one's place.
        let share = max(bytes / tasks.count - 200, 100)
        let parts = tasks.map { $0.answer(bytes: share) }
        let isTruncated = parts.contains { $0.truncated }
        let hasFailed = tasks.allSatisfy { $0.state != .done }
        var text = parts[0].text
        if tasks.count > 1 {
            text = zip(tasks, parts).map { task, part in
                "## \(task.number - tasks[0].number + 1). \(task.agent ?? "no agent")\n\(part.text)"
            }.joined(separator: "\n\n")
        }
        let error = hasFailed ? ToolError(.failed, text) : nil
        return ToolCallResult(call: request, output: ToolOutput(text, truncated: isTruncated), error: error)
    }
}

extension TaskOutcome {
    /// The reply, or what went wrong.
    fileprivate func answer(bytes: Int) -> ToolOutput {
        let text =
            switch state {
            case .done: output ?? "[The answer is left out: the answers of all tasks are too long together.]"
            case .cancelled: "Error: \(agent ?? "The task") was stopped."
            case .failed where code == "refused": "Error: \(message ?? "The task was refused.")"
            case .failed, .held, .assigned:
                "Error: \(agent ?? "The task") failed: \(message ?? code ?? "no reason is known")"
            }
        return ToolOutput(text).truncated(to: bytes, hint: "The rest is in task \(id).")
    }
}
