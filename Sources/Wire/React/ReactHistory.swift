package import Conversation
internal import JSON

/// A conversation as a model reads it that calls tools in writing: calls are steps, and outputs are observations.
package struct ReactHistory: Sendable {
    /// The form of the request; nil for one without tools, in which answers stay as they are.
    private let form: ReactForm?

    /// A history for requests of a form.
    package init(_ form: ReactForm?) {
        self.form = form
    }

    /// The messages of a request, with the instructions of the form after the agent's.
    package func messages(_ messages: [ChatMessage]) -> [ChatMessage] {
        var written: [ChatMessage] = []
        var outputs: [String: String] = [:]
        for message in messages where message.role == .tool {
            outputs[message.toolCallID ?? ""] = message.content
        }
        if let form {
            let own = messages.first?.role == .system ? messages[0].content + "\n\n" : ""
            written.append(.system(own + form.instructions))
        }
        for (index, message) in messages.enumerated() {
            switch message.role {
            case .system: if form == nil || index > 0 { written.append(message) }
            case .user: append(.user(message.content), to: &written)
            case .assistant where message.toolCalls.isEmpty: written.append(.assistant(answer(message.content)))
            case .assistant: append(message, with: outputs, to: &written)
            // It is written with its call.
            case .tool: break
            }
        }
        return written
    }

    /// Each call with its output: a model of this form makes one at a time.
    private func append(_ message: ChatMessage, with outputs: [String: String], to written: inout [ChatMessage]) {
        for (index, call) in message.toolCalls.enumerated() {
            let said = index == 0 ? message.content.trimmed : ""
            let thought = said.isEmpty ? "I need the tool \(call.name)." : said
            let arguments = call.arguments.argumentsForHistory
            written.append(.assistant(ReactForm.step(thought: thought, name: call.name, arguments: arguments)))
            if let output = outputs[call.id] { written.append(.user("Observation: \(output)")) }
        }
    }

    /// What the user says after an observation stands in the same message: servers want those of the two in turn.
    private func append(_ message: ChatMessage, to written: inout [ChatMessage]) {
        guard let last = written.last, last.role == .user, last.content.hasPrefix("Observation: ") else {
            return written.append(message)
        }
        written[written.count - 1] = .user(last.content + "\n\n" + message.content)
    }

    /// An answer as the step that ends the work, unless it is a step already.
    private func answer(_ text: String) -> String {
        guard let form, !text.isBlank, !Self.isStep(text) else { return text }
        var input = JSONValue.object(["answer": .string(text)])
        if form.outputSchema != nil, let value = try? JSONValue(parsing: text) {
            input = form.isAnswerInput && value.objectValue != nil ? value : ["answer": value]
        }
        return ReactForm.step(thought: "I know the answer.", name: ReactForm.finish, arguments: input.text)
    }

    private static func isStep(_ text: String) -> Bool {
        var parts = ReactParts()
        parts.consume(text)
        parts.finish()
        return parts.parts.count > 1
    }
}

extension String {
    /// The text without blanks around it.
    var trimmed: String {
        var rest = self[...]
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest.drop(while: \.isWhitespace))
    }
}
