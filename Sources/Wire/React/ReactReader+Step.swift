internal import JSON

// What an answer wants, of which all parts are there.
extension ReactReader {
    func stepOfParts(isCut: Bool) -> ReactStep {
        let thoughts = parts.parts.filter { $0.heading == nil || $0.heading == .thought }
        let thought = thoughts.map { text(of: $0) }.filter { !$0.isEmpty }.joined(separator: "\n")
        guard let action = parts.parts.first(where: { $0.heading == .action }) else {
            if parts.parts.count == 1, !thought.isEmpty { return .reply(asOutput(thought)) }
            if isCut { return .cut(thought: thought) }
            return .unreadable(thought.isEmpty ? "it says nothing" : "there is a Thought and no Action")
        }
        let input = parts.parts.first { $0.heading == .input }.map { text(of: $0) }
        let step = self.step(thought, action: text(of: action), input: input)
        if isCut, case .unreadable = step { return .cut(thought: thought) }
        return step
    }

    private func text(of part: ReactParts.Part) -> String {
        String(decoding: part.text, as: UTF8.self).trimmed
    }

    /// The step of an action: its line may have the input in it, in one of several forms.
    private func step(_ thought: String, action: String, input: String?) -> ReactStep {
        var (action, input) = (action, input)
        // Action: {"name": "calculator", "arguments": {…}}
        if action.hasPrefix("{") || action.hasPrefix("```"), let object = LooseJSON.firstObject(in: action)?.value {
            return step(thought, object: object, input: input)
        }
        // Action: calculator Action Input: {…}
        if input == nil, let range = Self.inputHeading(in: action) {
            input = String(action[range.upperBound...]).trimmed
            action = String(action[..<range.lowerBound])
        }
        let line = action.withoutMarks
        let name = String(line.prefix { $0.isLetter || $0.isNumber || "_-. ".contains($0) }).withoutMarks
        if let tool = form.tool(named: name) {
            let rest = String(line.dropFirst(line.hasPrefix(name) ? name.count : 0))
            return step(thought, tool, rest: rest.trimmed, input: input)
        }
        let words = line.split { !($0.isLetter || $0.isNumber || "_-".contains($0)) }.map(String.init)
        let named = Set(words.compactMap { word in form.tools.first { $0.name == word }?.name })
        if named.count == 1, let tool = named.first.flatMap({ form.tool(named: $0) }) {
            return step(thought, tool, rest: "", input: input)
        }
        return .unreadable(unknown(name))
    }

    private func unknown(_ name: String) -> String {
        let names = form.tools.prefix(50).map(\.name).joined(separator: ", ")
        let what = name.isEmpty ? "no tool is named" : "there is no tool \"\(name.prefix(100))\""
        return "\(what); the tools are \(names), and finish"
    }

    private static func inputHeading(in text: String) -> Range<String.Index>? {
        let lower = text.lowercased()
        for word in ["action input:", "action_input:", "action input：", "input:"] {
            guard let start = lower.firstRange(of: word)?.lowerBound else { continue }
            let distance = lower.distance(from: lower.startIndex, to: start)
            let lowerBound = text.index(text.startIndex, offsetBy: distance)
            return lowerBound..<text.index(lowerBound, offsetBy: word.count)
        }
        return nil
    }

    /// An action that is an object with a name and arguments.
    private func step(_ thought: String, object: JSONObject, input: String?) -> ReactStep {
        let name = ["name", "action", "tool", "function"].lazy.compactMap { object[$0]?.stringValue }.first
        let given = ["arguments", "action_input", "parameters", "input", "args"].lazy.compactMap { object[$0] }.first
        guard let name, let tool = form.tool(named: name.withoutMarks) else { return .unreadable(unknown(name ?? "")) }
        return step(thought, tool, rest: "", input: given.map { $0.stringValue ?? $0.text } ?? input)
    }

    /// An action with its input: what follows its name in the line, or the part of its own.
    private func step(_ thought: String, _ tool: ReactTool, rest: String, input: String?) -> ReactStep {
        // calculator({"expression": "1"}), calculator(expression="1"), calculator("1")
        if rest.hasPrefix("(") {
            guard let arguments = LooseJSON.arguments(String(rest.dropFirst()), naming: tool.onlyArgument?.name) else {
                return .unreadable("the arguments in parentheses cannot be read")
            }
            if !arguments.isEmpty || input == nil { return step(thought, tool, arguments, text: nil) }
        }
        let text = (input ?? (rest.hasPrefix("{") ? rest : "")).trimmed
        if let (object, written) = LooseJSON.firstObject(in: text) {
            return step(thought, tool, object, text: written)
        }
        if ["", "none", "null", "n/a", "[]"].contains(text.lowercased().withoutMarks) {
            if tool.needsNone { return step(thought, tool, [:], text: nil) }
            return .unreadable("there is no Action Input; \(tool.name) takes \(tool.argumentList)")
        }
        if text.contains("{") { return .unreadable("the Action Input is not one whole JSON object") }
        guard let only = tool.onlyArgument else {
            return .unreadable("the Action Input is not a JSON object; \(tool.name) takes \(tool.argumentList)")
        }
        return step(thought, tool, [only.name: Self.value(text.withoutFence, for: only)], text: nil)
    }

    /// A value without its name, for the only argument.
    private static func value(_ text: String, for argument: ReactTool.Argument) -> JSONValue {
        let type = argument.schema["type"]?.stringValue
        guard let value = try? JSONValue(parsing: text) else { return .string(text) }
        if type == "string" || type == nil, value.stringValue == nil { return .string(text) }
        return value
    }

    private func step(_ thought: String, _ tool: ReactTool, _ arguments: JSONObject, text: String?) -> ReactStep {
        guard tool.name == ReactForm.finish else {
            return .call(thought: thought, name: tool.name, arguments: text ?? JSONValue.object(arguments).text)
        }
        return reply(arguments, text: text)
    }

    // MARK: Replies

    /// The reply in the input of finish.
    private func reply(_ arguments: JSONObject, text: String?) -> ReactStep {
        let only = arguments.count == 1 ? arguments.first?.value : nil
        let answer = arguments["answer"] ?? (form.outputSchema == nil ? only : nil)
        let object = text ?? JSONValue.object(arguments).text
        let reply: String
        if form.outputSchema == nil {
            reply = answer.map { $0.stringValue ?? $0.text } ?? object
        } else if form.isAnswerInput {
            let isWrapped = answer?.objectValue != nil && !form.finishTool.arguments.contains { $0.name == "answer" }
            reply = isWrapped ? answer?.text ?? object : object
        } else {
            reply = answer?.text ?? object
        }
        return reply.isBlank || arguments.isEmpty && form.outputSchema == nil
            ? .unreadable("the answer is empty") : .reply(reply)
    }

    /// A reply in words, as the schema wants it where there is one: the object in it.
    func asOutput(_ text: String) -> String {
        guard form.outputSchema != nil, (try? JSONValue(parsing: text)) == nil else { return text }
        return LooseJSON.firstObject(in: text)?.text ?? text
    }
}

extension String {
    /// The text within a fence of Markdown; the text itself if there is none.
    fileprivate var withoutFence: String {
        guard hasPrefix("```"), hasSuffix("```"), count > 6 else { return self }
        let lines = dropFirst(3).dropLast(3).split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        return (lines.count > 1 ? String(lines[1]) : String(lines[0])).trimmed
    }
}
