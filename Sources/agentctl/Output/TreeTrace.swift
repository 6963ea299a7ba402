import JSON

/// A turn and all tasks below it as a tree: who did what, how long it took, and what the whole waited for.
struct TreeTrace {
    let stream: TextStream

    /// The mark of what is on the critical path.
    private static let mark = "●"

    /// The tree.
    ///
    /// - Parameter rows: Rows of `agentctl.tree`, in their order.
    /// - Returns: One line a turn, and one for each node of a chain that a tool, a function or an operator did, and for
    ///   each thing that a turn waits for; none for no rows.
    func text(of rows: [JSONObject]) -> String {
        guard let root = rows.first else { return "" }
        var lines = [rootLine(root, rows)]
        let isCritical = rows.contains { Self.isCritical($0) }
        if isCritical { lines.append(stream.styled(Self.criticalLine(rows), .dim)) }
        if let error = errorText(root) { lines.append(error) }
        let branches = branches(below: 0, of: rows)
        let drawn = branches.enumerated().flatMap { index, branch in
            draw(branch, prefix: "", isLast: index == branches.count - 1, hasMarks: isCritical)
        }
        let width = min(drawn.map { DisplayWidth.of($0.label) }.max() ?? 0, 64)
        for line in drawn {
            let padding = String(repeating: " ", count: max(0, width - DisplayWidth.of(line.label)))
            lines.append(line.prefix + line.shown + (line.details.isEmpty ? "" : padding + "  " + line.details))
        }
        if isCritical, rows.count > 1 { lines.append(stream.styled("\(Self.mark) on the critical path", .dim)) }
        return lines.joined(separator: "\n")
    }

    // MARK: What stands below what

    /// A turn, or a group of tasks, with what is below it.
    private struct Branch {
        var title: String
        var row: JSONObject?
        var below: [Branch] = []
        /// Of what is no turn: who or what did it, and how it stands.
        var note: (who: String, details: String)?
        /// When it began, as it is written in a row.
        var start: String { row?["submitted_at"]?.stringValue ?? began ?? below.first?.start ?? "" }
        var began: String?

        var isCritical: Bool { row.map(TreeTrace.isCritical) ?? below.contains(where: \.isCritical) }
    }

    /// The branches below a row: tasks, those of one node of a chain together, what was called for other nodes, and what
    /// the turn waits for.
    private func branches(below index: Int, of rows: [JSONObject]) -> [Branch] {
        let nodes = (rows[index]["nodes"]?.arrayValue ?? []).compactMap(\.objectValue).map(branch)
        let tasks = tasks(below: index, of: rows)
        let ordered = nodes.isEmpty ? tasks : (tasks + nodes).sorted { $0.start < $1.start }
        let lines = WaitingLines(stream: stream, given: .none)
        let waits = rows[index]["waits_for"]?.objectValue.map(lines.summaries) ?? []
        return ordered + waits.map { Branch(title: "", note: ($0, "")) }
    }

    /// A node of a chain that no task was given out for.
    private func branch(of node: JSONObject) -> Branch {
        let visit = Self.integer(node, "visit")
        let status = node["status"]?.stringValue ?? ""
        let called = [node["kind"]?.stringValue, node["calls"]?.stringValue].compactMap { $0 }.joined(separator: " ")
        var details = status == "succeeded" ? [] : [self.status(of: node)]
        if let code = node["error_code"]?.stringValue { details.append(stream.styled(Printable.line(code), .red)) }
        let name = node["node"]?.stringValue ?? ""
        return Branch(
            title: visit > 1 ? "\(name)#\(visit)" : name,
            note: (Printable.line(called, width: 80), details.joined(separator: "  ")),
            began: node["started_at"]?.stringValue
        )
    }

    private func tasks(below index: Int, of rows: [JSONObject]) -> [Branch] {
        let depth = Self.integer(rows[index], "depth")
        var result: [Branch] = []
        var next = index + 1
        while next < rows.count, Self.integer(rows[next], "depth") > depth {
            if Self.integer(rows[next], "depth") == depth + 1 {
                let row = rows[next]
                let number = row["number"]?.text ?? ""
                let attempt = Self.integer(row, "attempt")
                let title = attempt > 1 ? "\(number).\(attempt)" : number
                Self.append(Branch(title: title, row: row, below: branches(below: next, of: rows)), to: &result)
            }
            next += 1
        }
        // A group of one needs no line of its own.
        return result.map { group in
            guard group.row == nil, group.below.count == 1, var only = group.below.first else { return group }
            only.title = group.title
            return only
        }
    }

    /// The key of a chain's task is `node#visit`, with what names the task among those of the node after a slash.
    private static func append(_ branch: Branch, to result: inout [Branch]) {
        let key = branch.row?["group_key"]?.stringValue ?? ""
        guard !key.isEmpty, !key.hasPrefix("call ") else { return result.append(branch) }
        let parts = key.split(separator: "/", maxSplits: 1).map(String.init)
        var branch = branch
        if parts.count > 1 { branch.title = parts[1] }
        let visit = parts.first ?? key
        let group = visit.hasSuffix("#1") ? String(visit.dropLast(2)) : visit
        if let place = result.firstIndex(where: { $0.row == nil && $0.title == group }) {
            result[place].below.append(branch)
        } else {
            result.append(Branch(title: group, below: [branch]))
        }
    }

    // MARK: Lines

    private struct Line {
        var prefix: String
        var label: String
        var shown: String
        var details: String
    }

    private func draw(_ branch: Branch, prefix: String, isLast: Bool, hasMarks: Bool) -> [Line] {
        let lead = prefix + (isLast ? "└─ " : "├─ ") + (hasMarks ? branch.isCritical ? "\(Self.mark) " : "  " : "")
        let title = Printable.line(branch.title, width: 40)
        let agent = branch.row.map { Self.agent($0) } ?? branch.note?.who ?? ""
        let words = [title, agent].filter { !$0.isEmpty }.joined(separator: " ")
        let shown = [title, stream.styled(agent, .cyan)].filter { !$0.isEmpty }.joined(separator: " ")
        let details =
            branch.row.map { self.details(of: $0) } ?? branch.note?.details ?? Self.details(ofGroup: branch.below)
        var lines = [Line(prefix: lead, label: lead + words, shown: shown, details: details)]
        let inner = prefix + (isLast ? "   " : "│  ")
        for (index, child) in branch.below.enumerated() {
            lines += draw(child, prefix: inner, isLast: index == branch.below.count - 1, hasMarks: hasMarks)
        }
        return lines
    }

    private func rootLine(_ root: JSONObject, _ rows: [JSONObject]) -> String {
        var parts = [
            stream.styled("turn \(Printable.line(root["turn"]?.stringValue ?? ""))", .bold), status(of: root),
            Self.agent(root),
        ]
        if let whole = root["duration_ms"]?.numberValue { parts.append(Self.time(whole)) }
        let tokens = ["input_tokens", "output_tokens"].map { field in rows.reduce(0) { $0 + Self.integer($1, field) } }
        if tokens[0] + tokens[1] > 0 { parts.append("\(tokens[0]) in, \(tokens[1]) out") }
        parts.append("$\(FieldFormat.money(Self.sum(rows, "cost_usd")))")
        if rows.count > 1 { parts.append("\(rows.count) turns") }
        return parts.joined(separator: "  ")
    }

    private func details(of row: JSONObject) -> String {
        var parts: [String] = []
        if let task = row["task"]?.integerValue { parts.append("task \(task)") }
        if row["status"]?.stringValue != "succeeded" { parts.append(status(of: row)) }
        if let whole = row["duration_ms"]?.numberValue { parts.append(Self.time(whole)) }
        for (field, word) in [
            ("queue_ms", "queue"), ("model_ms", "model"), ("tool_ms", "tools"), ("approval_ms", "approvals"),
        ] {
            let milliseconds = row[field]?.numberValue ?? 0
            if milliseconds >= 0.005 { parts.append("\(word) \(Self.time(milliseconds))") }
        }
        if let cost = row["cost_usd"]?.numberValue, cost > 0 { parts.append("$\(FieldFormat.money(cost))") }
        if let error = errorText(row) { parts.append(error) }
        return parts.joined(separator: "  ")
    }

    private static func details(ofGroup members: [Branch]) -> String {
        let done = members.count { $0.row?["status"]?.stringValue == "succeeded" }
        return "\(done) of \(members.count)"
    }

    private func status(of row: JSONObject) -> String {
        let status = row["status"]?.stringValue ?? ""
        let style: TextStyle = status == "succeeded" ? .green : status == "failed" ? .red : .yellow
        // What an operator has to decide has lines of its own.
        let tasks = row["waits_for"]?["tasks"]?.integerValue ?? 0
        let what = tasks == 0 ? "" : tasks == 1 ? " for 1 task" : " for \(tasks) tasks"
        return stream.styled(status + what, style)
    }

    private func errorText(_ row: JSONObject) -> String? {
        guard let code = row["error_code"]?.stringValue else { return nil }
        let message = Printable.line(row["error_message"]?.stringValue ?? "", width: 200)
        return stream.styled(message.isEmpty ? Printable.line(code) : "\(Printable.line(code)): \(message)", .red)
    }

    /// What the time from the message to the end went to, along the critical path.
    private static func criticalLine(_ rows: [JSONObject]) -> String {
        let path = rows.filter { isCritical($0) }
        let parts = [("model", "model_ms"), ("tools", "tool_ms"), ("queue", "queue_ms"), ("approvals", "approval_ms")]
            .map { (word: $0.0, time: sum(path, $0.1)) }
        let rest = (rows[0]["elapsed_ms"]?.numberValue ?? 0) - parts.reduce(0) { $0 + $1.time }
        return "critical path: "
            + (parts + [(word: "engine", time: max(0, rest))]).map { "\($0.word) \(time($0.time))" }
            .joined(separator: " · ")
    }

    // MARK: Values

    private static func isCritical(_ row: JSONObject) -> Bool { row["is_critical"]?.boolValue == true }

    private static func integer(_ row: JSONObject, _ field: String) -> Int64 { row[field]?.integerValue ?? 0 }

    private static func sum(_ rows: [JSONObject], _ field: String) -> Double {
        rows.reduce(0) { $0 + ($1[field]?.numberValue ?? 0) }
    }

    private static func agent(_ row: JSONObject) -> String {
        let version = row["version"]?.integerValue.map { " v\($0)" } ?? ""
        return Printable.line(row["responder"]?.stringValue ?? "") + version
    }

    /// A time with its unit.
    static func time(_ milliseconds: Double) -> String {
        milliseconds < 1000
            ? "\(FieldFormat.milliseconds(milliseconds)) ms" : "\(FieldFormat.fixed(milliseconds / 1000, digits: 2)) s"
    }
}
