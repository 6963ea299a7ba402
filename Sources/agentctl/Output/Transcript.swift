import JSON

/// A conversation's messages as text.
struct Transcript {
    private let messages: [JSONValue]

    init(_ messages: [JSONValue]) {
        self.messages = messages
    }

    var isEmpty: Bool { messages.isEmpty }

    /// One paragraph a message; the calls of tools and their results on one line each.
    ///
    /// Each begins with its number, as fork takes it. What was undone says so, or else how many tokens it has, if that is
    /// given.
    func text(on stream: TextStream) -> String {
        var names: [String: String] = [:]
        var lines: [String] = []
        for message in messages {
            let role = message["role"]?.stringValue ?? ""
            let content = message["content"]?.stringValue ?? ""
            let number = message["number"]?.integerValue.map { stream.styled("\($0) ", .dim) } ?? ""
            let undone = message["undone_by"]?.integerValue.map { "(undone by \($0))" }
            let size = message["tokens"]?.integerValue.map { "(about \($0) tokens)" }
            let mark = (undone ?? size).map { " " + stream.styled($0, .dim) } ?? ""
            if role == "tool" {
                let name = message["tool_call_id"]?.stringValue.flatMap { names[$0] } ?? "tool"
                lines.append(
                    "\(number)\(stream.styled("⚙ \(name)", .cyan))\(mark) → \(Printable.line(content, width: 200))"
                )
                continue
            }
            for memory in message["memories"]?.arrayValue ?? [] {
                let text = Printable.line(memory["content"]?.stringValue ?? "", width: 200)
                let id = memory["id"]?.integerValue ?? 0
                lines.append("\(number)\(stream.styled("shown [m\(id)] \(text)", .dim))")
            }
            if !content.isEmpty {
                let name = stream.styled(role, role == "user" ? .green : .bold)
                lines.append("\(number)\(name)\(mark): \(stream.shown(content))")
            }
            for call in message["tool_calls"]?.arrayValue ?? [] {
                let name = Printable.line(call["name"]?.stringValue ?? "")
                if let id = call["id"]?.stringValue { names[id] = name }
                let arguments = Printable.line(call["arguments"]?.stringValue ?? "", width: 200)
                lines.append("\(number)\(stream.styled("⚙ \(name)", .cyan))\(mark) \(arguments)")
            }
        }
        return lines.joined(separator: "\n")
    }
}
