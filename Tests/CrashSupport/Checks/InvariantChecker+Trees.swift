import JSON

extension InvariantChecker {
    /// Tasks that were lost, done twice or outlived their turn, and results that did not arrive whole.
    var brokenTrees: [Violation] {
        let turns = Dictionary(grouping: state.turns, by: \.place)
        return state.tasks.flatMap { brokenTask($0, turns) } + state.calls.flatMap(brokenDelegation)
    }

    private func brokenTask(_ task: JSONValue, _ turns: [String: [JSONValue]]) -> [Violation] {
        let name = "task \(task.number("id"))"
        guard task["finished_at"]?.stringValue != nil else {
            return [Violation(.lost, "\(name) is \(task.text("state")) when nothing runs")]
        }
        var found: [Violation] = []
        if task["told"]?.boolValue != true { found.append(Violation(.lost, "nobody was told of the end of \(name)")) }
        if task.number("attempt") != 1 {
            found.append(Violation(.effects, "\(name) was tried \(task.number("attempt")) times"))
        }
        let hasParent = task["parent_conversation_id"]?.stringValue != nil
        let above = "\(task.text("parent_conversation_id"))/\(task.number("parent_seq"))"
        let parent = turns[above]?.first
        if hasParent, parent == nil { return found + [Violation(.lost, "\(above) has not ended")] }
        // One that never began was dropped with its turn, or given up with what it waited for.
        guard let conversation = task["conversation_id"]?.stringValue else {
            if task.text("state") != "cancelled", hasParent || !waitedInVain(task) {
                let reason = task.text("error_message")
                found.append(Violation(.lost, "\(name) is \(task.text("state")) and never began: \(reason)"))
            }
            return found
        }
        guard let own = turns["\(conversation)/\(task.number("seq"))"], own.count == 1, let turn = own.first else {
            return found + [Violation(.lost, "\(name) has no turn, or two")]
        }
        let failed = hasParent ? "failed" : "dead"
        let states = ["succeeded": "done", "interrupted": "cancelled", "limited": failed, "failed": failed]
        if states[turn.text("status")] != task.text("state") {
            found.append(Violation(.lost, "\(name) is \(task.text("state")), its turn \(turn.text("status"))"))
        }
        // Times as the database writes them, all in one zone.
        if let parent, parent.text("finished_at") < turn.text("finished_at") {
            found.append(Violation(.order, "\(above) ended before its \(name)"))
        }
        for other in tasksBefore(task) where turn.text("started_at") < other.text("finished_at") {
            found.append(Violation(.order, "\(name) began before the end of task \(other.number("id"))"))
        }
        return found
    }

    /// Whether a chain failed because somebody stopped a task of it, or one further below; a node with several of them
    /// says that some have failed.
    func lacksAStoppedTask(_ turn: JSONValue) -> Bool {
        guard turn.text("status") == "failed", ["cancelled", "failed"].contains(turn.text("error_code")) else {
            return false
        }
        return state.tasks.contains { task in
            guard task.text("parent_conversation_id") == turn.text("conversation_id"),
                task.number("parent_seq") == turn.number("seq")
            else { return false }
            if task.text("state") == "cancelled" { return stoppedTasks.contains(task.number("id")) }
            let own = state.of(task.text("conversation_id"), state.turns)
            return own.contains { $0.number("seq") == task.number("seq") && lacksAStoppedTask($0) }
        }
    }

    /// The tasks that a task waits for.
    private func tasksBefore(_ task: JSONValue) -> [JSONValue] {
        let numbers = state.dependencies.filter { $0.number("task_id") == task.number("id") }.map {
            $0.number("depends_on")
        }
        return state.tasks.filter { numbers.contains($0.number("id")) }
    }

    private func waitedInVain(_ task: JSONValue) -> Bool {
        task.text("state") == "dead" && tasksBefore(task).contains { $0.text("state") != "done" }
    }

    /// A call whose tasks are not those that it asked for, or whose result does not have the reply of each.
    private func brokenDelegation(_ call: JSONValue) -> [Violation] {
        guard call.text("tool") == "delegate", call.text("state") == "succeeded",
            let arguments = try? JSONValue(parsing: call.text("arguments"))
        else { return [] }
        let asked = (arguments["tasks"]?.arrayValue ?? []).map { "\($0.text("agent")) \($0.text("task"))" }
        let tasks = state.tasks.filter { task in
            task.text("parent_conversation_id") == call.text("conversation_id")
                && task.number("parent_seq") == call.number("seq")
                && task.text("group_key") == "call \(call.number("number"))"
        }
        let stored = tasks.map { "\($0.text("agent")) \($0.text("description"))" }
        guard stored == asked else {
            return [
                Violation(.lost, "call \(call.number("number")) of \(call.place) asked for \(asked), not \(stored)")
            ]
        }
        return tasks.compactMap { task in
            guard task.text("state") == "done" else { return nil }
            let reply = state.of(task.text("conversation_id"), state.messages).last {
                $0.number("seq") == task.number("seq") && $0.text("role") == "assistant"
            }
            guard let text = reply?.text("content"), call.text("result").contains(text) else {
                return Violation(.order, "\(call.place) does not have the reply of task \(task.number("id"))")
            }
            return nil
        }
    }
}
