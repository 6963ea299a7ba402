internal import Conversation
internal import Definitions
package import JSON

extension MessagesRequest {
    /// Reads a request as a server receives it, and refuses what the API refuses.
    ///
    /// - Parameter body: The body.
    /// - Throws: ``RequestError`` with every mistake.
    package init(body: JSONValue) throws(RequestError) {
        let problems = DocumentReader.Problems()
        guard let reader = DocumentReader(body, path: "", problems: problems) else {
            throw RequestError(problems: problems.list)
        }
        var messages = MessagesReader()
        var conversation = Self.instructions(in: reader)
        conversation += messages.messages(in: reader)
        if reader.value("max_tokens") == nil { reader.refuse("max_tokens", "Field required") }
        Self.checkThinking(in: reader, messages)
        let content = ModelRequest(
            messages: conversation,
            tools: Self.tools(in: reader),
            temperature: reader.number("temperature", in: 0...1),
            topP: reader.number("top_p", in: 0...1),
            maximumOutputTokens: reader.integer("max_tokens", in: 1...Int(Int32.max)),
            outputSchema: reader.object("output_config")?.object("format")?.value("schema")
        )
        self.init(
            modelID: reader.requiredString("model", maximumBytes: .max) ?? "",
            content: content,
            isStreaming: reader.boolean("stream") ?? false
        )
        guard problems.list.isEmpty else { throw RequestError(problems: problems.list) }
    }

    private static func instructions(in reader: DocumentReader) -> [ChatMessage] {
        switch reader.value("system") {
        case nil: return []
        case .string(let text)?: return [.system(text)]
        default:
            let texts = reader.elements("system").compactMap { $0.value("text")?.stringValue }
            return [.system(texts.joined(separator: "\n\n"))]
        }
    }

    private static func tools(in reader: DocumentReader) -> [ToolSpecification] {
        reader.elements("tools").compactMap { tool in
            let name = tool.requiredString("name", maximumBytes: 128)
            if let name, !name.utf8.allSatisfy(\.isOfToolName) {
                tool.refuse("name", "expected letters, digits, _ and -")
            }
            let schema = tool.requiredObject("input_schema")
            if let schema, schema.value("type") != "object" { schema.refuse("type", "expected \"object\"") }
            return ToolSpecification(
                name: name ?? "",
                description: tool.value("description")?.stringValue ?? "",
                inputSchema: JSONText(tool.value("input_schema") ?? [:])
            )
        }
    }

    /// A model that thinks has to have thought before the calls whose outputs it is given.
    private static func checkThinking(in reader: DocumentReader, _ messages: MessagesReader) {
        guard let thinking = reader.object("thinking"), thinking.value("type") == "enabled" else { return }
        let budget = thinking.integer("budget_tokens", in: 1_024...Int(Int32.max)) ?? 0
        if let limit = reader.value("max_tokens")?.integerValue, limit <= budget {
            reader.refuse("max_tokens", "must be greater than thinking.budget_tokens")
        }
        if let first = messages.firstOfOpenRound, first != "thinking", first != "redacted_thinking" {
            reader.refuse("messages", "Expected `thinking` or `redacted_thinking`, but found `\(first)`")
        }
    }
}
