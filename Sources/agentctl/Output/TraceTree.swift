import JSON

/// A turn's trace as a tree: the turn, what it waits for, why its agent got the message, its steps, under a tool round its
/// calls, and under a call the tasks that it delegated.
///
/// Of an operation it is what the operation came to.
struct TraceTree {
    let stream: TextStream
    /// What the commands need that it names.
    let given: GivenOptions

    private static let excerpt = 100
    /// The most tasks of a call that are shown.
    private static let mostTasks = 20

    /// The tree of a trace.
    func text(of trace: JSONObject) -> String {
        var lines = [turnLine(trace)] + fateLines(trace)
        if let waits = trace["waits_for"]?.objectValue {
            lines += WaitingLines(stream: stream, given: given).lines(of: waits, turn: trace["turn"]?.stringValue ?? "")
        }
        if let decision = trace["routing"]?.objectValue {
            lines.append(stream.styled("routed to \(RoutingExplanation(decision).line)", .dim))
        }
        lines += memoryLines(trace) + parentLines(trace) + errorLines(trace, prefix: "")
        let steps = trace["steps"]?.arrayValue?.compactMap(\.objectValue) ?? []
        let openCalls = trace["open_calls"]?.arrayValue?.compactMap(\.objectValue) ?? []
        let tasks = DelegatedTasks(trace["tasks"]?.arrayValue?.compactMap(\.objectValue) ?? [], below: steps)
        for (index, step) in steps.enumerated() {
            let isLast = index == steps.count - 1 && tasks.others.isEmpty && openCalls.isEmpty
            lines.append((isLast ? "└─ " : "├─ ") + stepLine(step))
            lines += below(step, tasks, prefix: isLast ? "   " : "│  ")
        }
        for (index, call) in openCalls.enumerated() {
            let isLast = index == openCalls.count - 1 && tasks.others.isEmpty
            lines.append((isLast ? "└─ " : "├─ ") + callLine(call))
        }
        lines += taskLines(tasks.others, prefix: "")
        return lines.joined(separator: "\n")
    }

    private func turnLine(_ trace: JSONObject) -> String {
        let status = trace["status"]?.stringValue ?? ""
        let style: TextStyle =
            ["succeeded", "done"].contains(status) ? .green : ["failed", "refused"].contains(status) ? .red : .yellow
        let operation = trace["operation"]?.stringValue ?? "message"
        let isTurn = ["message", "steer"].contains(operation)
        var parts = [stream.styled("\(isTurn ? "turn" : operation) \(word(trace, "turn"))", .bold)]
        parts.append(stream.styled(status, style))
        if trace["agent"]?.stringValue != nil {
            let version = trace["agent_version"]?.integerValue.map { " v\($0)" } ?? ""
            parts.append("agent \(word(trace, "agent"))\(version)")
        }
        parts += measures(trace)
        if let limit = trace["limit_reached"]?.stringValue { parts.append("limit \(limit)") }
        return parts.joined(separator: "  ")
    }

    /// The fate of a submission besides its turn: the turn that took it up, the undo that took it back, an operation's result.
    private func fateLines(_ trace: JSONObject) -> [String] {
        var lines: [String] = []
        func line(_ member: String, _ what: String, _ more: String = "") {
            guard let other = trace[member]?.stringValue else { return }
            lines.append(stream.styled("\(what) \(Printable.line(other))\(more)", .yellow))
        }
        line("behind", "waits behind")
        line("taken_by", "taken up by turn")
        line("undone_by", "undone by", ": the model is no longer shown it")
        line("superseded_by", "superseded by the summary of")
        // Errors are shown like those of turns.
        if var data = trace["result"]?.objectValue, trace["error_code"]?.stringValue == nil {
            let type = data["type"]?.stringValue ?? ""
            data["type"] = nil
            let outcome = OperationResult(type: type, data: .object(data))
            let conversation = trace["conversation_id"]?.stringValue ?? ""
            lines.append(outcome.failure(of: conversation)?.message ?? outcome.sentence(of: conversation))
        }
        return lines
    }

    private func stepLine(_ step: JSONObject) -> String {
        var parts = ["\(word(step, "step")) \(word(step, "kind"))"]
        if let model = step["model"]?.stringValue { parts.append(Printable.line(model)) }
        parts += measures(step)
        if let first = step["time_to_first_token_ms"]?.numberValue {
            parts.append("first token \(FieldFormat.milliseconds(first)) ms")
        }
        if let reason = step["finish_reason"]?.stringValue { parts.append(Printable.line(reason)) }
        return parts.joined(separator: "  ")
    }

    private func below(_ step: JSONObject, _ tasks: DelegatedTasks, prefix: String) -> [String] {
        var lines = errorLines(step, prefix: prefix)
        let calls = step["calls"]?.arrayValue?.compactMap(\.objectValue) ?? []
        for (index, call) in calls.enumerated() {
            let isLast = index == calls.count - 1
            lines.append(prefix + (isLast ? "└─ " : "├─ ") + callLine(call))
            lines += taskLines(tasks.ofCalls[word(call, "call")] ?? [], prefix: prefix + (isLast ? "   " : "│  "))
        }
        return lines
    }

    /// What the model was shown of what is remembered.
    private func memoryLines(_ trace: JSONObject) -> [String] {
        let memories = trace["memories"]?.arrayValue?.compactMap(\.objectValue) ?? []
        return memories.map { memory in
            let relevance = FieldFormat.rate.text(memory["relevance"] ?? .null)
            let content = Printable.line(memory["content"]?.stringValue ?? "", width: Self.excerpt)
            return stream.styled("shown [m\(word(memory, "id"))] (\(relevance)) \(content)", .dim)
        }
    }

    private func parentLines(_ trace: JSONObject) -> [String] {
        guard trace["task"]?.integerValue != nil else { return [] }
        let parent = trace["parent"]?.stringValue.map { " of turn \(Printable.line($0))" } ?? ""
        return [stream.styled("task \(word(trace, "task"))\(parent)", .dim)]
    }

    private func taskLines(_ tasks: [JSONObject], prefix: String) -> [String] {
        let shown = tasks.count > Self.mostTasks + 1 ? Array(tasks.prefix(Self.mostTasks)) : tasks
        var lines = shown.enumerated().map { index, task in
            prefix + (index == tasks.count - 1 ? "└─ " : "├─ ") + taskLine(task)
        }
        if shown.count < tasks.count { lines.append("\(prefix)└─ … \(tasks.count - shown.count) more tasks") }
        return lines
    }

    private func taskLine(_ task: JSONObject) -> String {
        let state = task["state"]?.stringValue ?? ""
        let style: TextStyle = state == "done" ? .green : state == "failed" || state == "dead" ? .red : .yellow
        var parts = [
            "task \(word(task, "task"))", stream.styled(word(task, "agent"), .cyan), stream.styled(state, style),
        ]
        // Of a chain's task, the node that it is done for.
        let key = task["group_key"]?.stringValue ?? ""
        if !key.isEmpty, !key.hasPrefix("call ") { parts.insert(Printable.line(key), at: 0) }
        if let turn = task["turn"]?.stringValue { parts.append("turn \(Printable.line(turn))") }
        if let attempt = task["attempt"]?.integerValue, attempt > 1 { parts.append("attempt \(attempt)") }
        if let code = task["error_code"]?.stringValue { parts.append(Printable.line(code)) }
        return parts.joined(separator: "  ")
    }

    /// The tasks of a turn: those of its calls, by number, and those of none, or of one that no step shows yet.
    private struct DelegatedTasks {
        var ofCalls: [String: [JSONObject]] = [:]
        var others: [JSONObject] = []

        init(_ tasks: [JSONObject], below steps: [JSONObject]) {
            let calls = Set(steps.flatMap { $0["calls"]?.arrayValue ?? [] }.compactMap { $0["call"]?.text })
            for task in tasks {
                let group = task["group_key"]?.stringValue ?? ""
                let call = String(group.dropFirst("call ".count))
                if group.hasPrefix("call "), calls.contains(call) {
                    ofCalls[call, default: []].append(task)
                } else {
                    others.append(task)
                }
            }
        }
    }

    private func callLine(_ call: JSONObject) -> String {
        let isFailed = call["error_code"]?.stringValue != nil
        let result = Printable.line(call["result"]?.stringValue ?? "", width: Self.excerpt)
        var parts = [
            stream.styled(word(call, "tool"), .cyan),
            Printable.line(call["arguments"]?.stringValue ?? "", width: Self.excerpt),
        ]
        if call["result"]?.stringValue != nil { parts.append("→ \(stream.styled(result, isFailed ? .red : .bold))") }
        parts.append(word(call, "state"))
        if let duration = call["duration_ms"]?.numberValue {
            parts.append("\(FieldFormat.milliseconds(duration)) ms")
        }
        if call["truncated"]?.boolValue == true { parts.append("truncated") }
        if let rule = call["rule"]?.stringValue { parts.append(stream.styled(Printable.line(rule), .dim)) }
        return parts.joined(separator: "  ")
    }

    /// Duration, tokens and cost, as far as there are any.
    private func measures(_ fields: JSONObject) -> [String] {
        var parts: [String] = []
        if let duration = fields["duration_ms"]?.numberValue {
            parts.append("\(FieldFormat.milliseconds(duration)) ms")
        }
        let input = fields["input_tokens"]?.integerValue ?? 0
        let output = fields["output_tokens"]?.integerValue ?? 0
        if input + output > 0 {
            let cached = fields["cached_input_tokens"]?.integerValue ?? 0
            let estimated = fields["usage_estimated"]?.boolValue == true ? "~" : ""
            let tokens = "\(estimated)\(input) in\(cached > 0 ? " (\(cached) cached)" : ""), \(estimated)\(output) out"
            parts.append(tokens)
            parts.append("$\(FieldFormat.money(fields["cost_usd"]?.numberValue ?? 0))")
        }
        return parts
    }

    private func errorLines(_ fields: JSONObject, prefix: String) -> [String] {
        guard let code = fields["error_code"]?.stringValue else { return [] }
        let message = Printable.line(fields["error_message"]?.stringValue ?? "", width: 4 * Self.excerpt)
        return [prefix + stream.styled("\(code): \(message)", .red)]
    }

    private func word(_ fields: JSONObject, _ field: String) -> String {
        Printable.line(FieldFormat.plain.text(fields[field] ?? .null))
    }
}
