import JSON

/// What a turn waits for, as lines: each request for an approval, each call in doubt, the tasks, and the model.
struct WaitingLines {
    let stream: TextStream
    /// What the commands need that say what can be done.
    let given: GivenOptions

    private static let excerpt = 100

    /// The lines; none when the turn waits for nothing.
    ///
    /// - Parameters:
    ///   - waits: The member `waits_for` of a report.
    ///   - turn: The turn, as CONVERSATION/SEQ.
    func lines(of waits: JSONObject, turn: String) -> [String] {
        let approvals = waits["approvals"]?.arrayValue ?? []
        let calls = waits["in_doubt"]?.arrayValue ?? []
        let tasks = waits["tasks"]?.integerValue ?? 0
        var lines = approvals.map(approval) + calls.map { doubt($0, turn) }
        if tasks > 0 { lines.append("waits for \(tasks) \(tasks == 1 ? "task" : "tasks")") }
        if let model = waits["model"]?.objectValue { lines.append(self.model(model)) }
        return lines
    }

    /// What an operator has to decide, without what can be done about it: a line each.
    func summaries(of waits: JSONObject) -> [String] {
        let lines =
            (waits["approvals"]?.arrayValue ?? []).map(approval)
            + (waits["in_doubt"]?.arrayValue ?? []).map { doubt($0, "") }
        return lines.map { String($0.prefix { $0 != "\n" }) }
    }

    private func approval(_ request: JSONValue) -> String {
        let id = request["approval"]?.text ?? ""
        let subject: String =
            switch request["place"]?.stringValue {
            case "input": "the message"
            case "tool_output": "what \(tool(request)) returned"
            default: call(request)
            }
        var parts = [stream.styled("waits for approval \(id)", .yellow), subject]
        if let rule = request["rule"]?.stringValue { parts.append(stream.styled(Printable.line(rule), .dim)) }
        if let cause = request["cause"]?.stringValue { parts.append(Printable.line(cause, width: Self.excerpt)) }
        if let time = request["expires_at"]?.stringValue { parts.append("until \(FieldFormat.time(time))") }
        let hint =
            request["may_decide"]?.boolValue == false
            ? Self.deciders(of: request)
            : "decide: agentctl approvals approve \(id); or: agentctl approvals deny \(id)"
        return parts.joined(separator: "  ") + "\n" + stream.styled(given.completing(hint), .dim)
    }

    /// Who decides about a request, where this user may not.
    static func deciders(of request: JSONValue) -> String {
        let roles = (request["approvers"]?.arrayValue ?? []).compactMap(\.stringValue).map { Printable.line($0) }
        let who = roles.isEmpty ? "agentctl_approver" : roles.joined(separator: " or ")
        let others = request["not_requester"]?.boolValue == false ? "" : " who has not asked for the turn"
        return "for others to decide: a member of \(who)\(others), or an owner"
    }

    private func doubt(_ request: JSONValue, _ turn: String) -> String {
        let number = request["call"]?.text ?? ""
        var parts = [stream.styled("parked: call \(number) in doubt", .red), call(request)]
        if let time = request["started_at"]?.stringValue { parts.append("begun \(FieldFormat.time(time))") }
        let place = "\(GivenOptions.quoted(Printable.line(turn))) --call \(number)"
        let command = "agentctl conversations resolve \(place) happened"
        let hint = given.completing("find out, and say so: \(command) (or did_not_happen, or run_again)")
        return parts.joined(separator: "  ") + "\n" + stream.styled(hint, .dim)
    }

    private func model(_ wait: JSONObject) -> String {
        var parts = [stream.styled("waits for its model", .yellow)]
        if let error = wait["error"]?.stringValue { parts.append(Printable.line(error, width: Self.excerpt)) }
        if let time = wait["until"]?.stringValue { parts.append("asked again at \(FieldFormat.time(time))") }
        return parts.joined(separator: "  ")
    }

    private func call(_ request: JSONValue) -> String {
        "\(tool(request)) \(Printable.line(request["arguments"]?.stringValue ?? "", width: Self.excerpt))"
    }

    private func tool(_ request: JSONValue) -> String {
        stream.styled("⚙ \(Printable.line(request["tool"]?.stringValue ?? ""))", .cyan)
    }
}
