import JSON

/// A turn's trace as a tree: the turn, why its agent got the message, its steps, and under a tool round its calls.
struct TraceTree {
    let stream: TextStream

    private static let excerpt = 100

    /// The tree of a trace.
    func text(of trace: JSONObject) -> String {
        var lines = [turnLine(trace)]
        if let decision = trace["routing"]?.objectValue {
            lines.append(stream.styled("routed to \(RoutingExplanation(decision).line)", .dim))
        }
        lines += errorLines(trace, prefix: "")
        let steps = trace["steps"]?.arrayValue?.compactMap(\.objectValue) ?? []
        for (index, step) in steps.enumerated() {
            let isLast = index == steps.count - 1
            lines.append((isLast ? "└─ " : "├─ ") + stepLine(step))
            lines += below(step, prefix: isLast ? "   " : "│  ")
        }
        return lines.joined(separator: "\n")
    }

    private func turnLine(_ trace: JSONObject) -> String {
        let status = trace["status"]?.stringValue ?? ""
        let style: TextStyle = status == "succeeded" ? .green : status == "failed" ? .red : .yellow
        var parts = [stream.styled("turn \(word(trace, "turn"))", .bold), stream.styled(status, style)]
        if trace["agent"]?.stringValue != nil {
            let version = trace["agent_version"]?.integerValue.map { " v\($0)" } ?? ""
            parts.append("agent \(word(trace, "agent"))\(version)")
        }
        parts += measures(trace)
        if let limit = trace["limit_reached"]?.stringValue { parts.append("limit \(limit)") }
        return parts.joined(separator: "  ")
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

    private func below(_ step: JSONObject, prefix: String) -> [String] {
        var lines = errorLines(step, prefix: prefix)
        let calls = step["calls"]?.arrayValue?.compactMap(\.objectValue) ?? []
        for (index, call) in calls.enumerated() {
            let branch = index == calls.count - 1 ? "└─ " : "├─ "
            lines.append(prefix + branch + callLine(call))
        }
        return lines
    }

    private func callLine(_ call: JSONObject) -> String {
        let isFailed = call["error_code"]?.stringValue != nil
        let result = Printable.line(call["result"]?.stringValue ?? "", width: Self.excerpt)
        var parts = [
            stream.styled(word(call, "tool"), .cyan),
            Printable.line(call["arguments"]?.stringValue ?? "", width: Self.excerpt),
            "→ \(stream.styled(result, isFailed ? .red : .bold))", word(call, "state"),
        ]
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
