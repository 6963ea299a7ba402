import JSON

/// Shows trees as they change: painted again on a terminal, a line a change elsewhere.
struct WatchDisplay {
    private let console: Console
    /// What was painted last.
    private var painted: String?
    /// What was last printed of each turn.
    private var printed: [String: String] = [:]

    init(console: Console) {
        self.console = console
    }

    /// Shows the trees as they are now.
    ///
    /// - Parameter trees: The rows of `agentctl.tree` of each.
    mutating func show(_ trees: [[JSONObject]]) {
        if console.output.isTerminal, !console.isJSON {
            paint(trees)
        } else {
            printChanges(trees)
        }
    }

    private mutating func paint(_ trees: [[JSONObject]]) {
        let tree = TreeTrace(stream: console.output)
        var lines = trees.flatMap { tree.text(of: $0).split(separator: "\n").map(String.init) + [""] }
        if lines.isEmpty { lines = [console.output.styled("no turn is in progress", .dim)] }
        if let rows = console.output.rows, lines.count >= rows {
            let hidden = lines.count - (rows - 2)
            lines = lines.prefix(max(1, rows - 2)) + ["… \(hidden) more lines"]
        }
        let frame = lines.joined(separator: "\n")
        guard frame != painted else { return }
        // What was there before goes first time, and after that line by line, so that nothing flickers. Lines do not wrap.
        let start = painted == nil ? "\u{1B}[2J\u{1B}[H" : "\u{1B}[H"
        let body = lines.map { "\($0)\u{1B}[K\n" }.joined()
        console.output.write("\u{1B}[?7l\(start)\(body)\u{1B}[J\u{1B}[?7h")
        painted = frame
    }

    private mutating func printChanges(_ trees: [[JSONObject]]) {
        for rows in trees {
            for row in rows {
                let turn = row["turn"]?.stringValue
                // While it runs, an error is that its worker is lost.
                let code = row["finished_at"]?.stringValue == nil ? row["error_code"]?.stringValue ?? "" : ""
                let status = "\(row["status"]?.stringValue ?? "") \(code)"
                let key = turn ?? "task \(row["task"]?.text ?? "")"
                guard printed.updateValue(status, forKey: key) != status else { continue }
                if console.isJSON {
                    console.printLine(.object(row))
                } else {
                    console.print(Self.line(of: row, key))
                }
            }
        }
    }

    private static func line(of row: JSONObject, _ key: String) -> String {
        let indent = String(repeating: "  ", count: Int(row["depth"]?.integerValue ?? 0))
        var parts = [
            indent + Printable.line(key), Printable.line(row["responder"]?.stringValue ?? ""),
            row["status"]?.stringValue ?? "",
        ]
        if row["finished_at"]?.stringValue != nil, let duration = row["duration_ms"]?.numberValue {
            parts.append(TreeTrace.time(duration))
        }
        if let code = row["error_code"]?.stringValue { parts.append(Printable.line(code)) }
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }
}
