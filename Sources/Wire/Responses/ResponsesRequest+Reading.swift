internal import Conversation
internal import Definitions
package import JSON

extension ResponsesRequest {
    /// Reads a request as a server receives it, and refuses what the API refuses.
    ///
    /// - Parameter body: The body.
    /// - Throws: ``RequestError`` with every mistake.
    package init(body: JSONValue) throws(RequestError) {
        let problems = DocumentReader.Problems()
        guard let reader = DocumentReader(body, path: "", problems: problems) else {
            throw RequestError(problems: problems.list)
        }
        for member in ["stop", "messages", "max_tokens", "presence_penalty", "response_format"]
        where reader.value(member) != nil {
            reader.refuse(member, "Unknown parameter: '\(member)'")
        }
        for member in reader.value("stream_options")?.objectValue ?? [:] where member.key != "include_obfuscation" {
            reader.refuse("stream_options.\(member.key)", "Unknown parameter: 'stream_options.\(member.key)'")
        }
        var items = ResponsesReader()
        let instructions = reader.value("instructions")?.stringValue.map { [ChatMessage.system($0)] } ?? []
        let format = reader.object("text")?.object("format")
        let content = ModelRequest(
            messages: instructions + items.messages(in: reader),
            tools: Self.tools(in: reader),
            temperature: reader.number("temperature", in: 0...2),
            topP: reader.number("top_p", in: 0...1),
            maximumOutputTokens: reader.integer("max_output_tokens", in: 1...Int(Int32.max)),
            outputSchema: format.flatMap { $0.value("type") == "json_object" ? ["type": "object"] : $0.value("schema") }
        )
        self.init(
            modelID: reader.requiredString("model", maximumBytes: .max) ?? "",
            content: content,
            isStreaming: reader.boolean("stream") ?? false
        )
        includesReasoning =
            reader.strings("include", maximumCount: 16)?.contains("reasoning.encrypted_content") ?? false
        guard problems.list.isEmpty else { throw RequestError(problems: problems.list) }
    }

    private static func tools(in reader: DocumentReader) -> [ToolSpecification] {
        reader.elements("tools").compactMap { tool in
            tool.expectFunction()
            let name = tool.requiredString("name", maximumBytes: 64)
            if let name, !name.utf8.allSatisfy(\.isOfToolName) {
                tool.refuse("name", "expected letters, digits, _ and -")
            }
            // What is not said is strict, and the schemas of tools are not.
            if tool.value("strict") != false { tool.refuse("strict", "expected false") }
            return ToolSpecification(
                name: name ?? "",
                description: tool.value("description")?.stringValue ?? "",
                inputSchema: JSONText(tool.value("parameters") ?? [:])
            )
        }
    }
}

/// Reads the items of a request, and refuses what the API refuses.
private struct ResponsesReader {
    /// The names of the tools of the calls without an output, by the ids of the calls.
    private var waiting: [String: String] = [:]
    private var ids: Set<String> = []
    /// The items of an answer that has not ended.
    private var answer: [ResponsesItem] = []
    private var messages: [ChatMessage] = []
    /// Whether the item before was reasoning, which needs another one after it.
    private var isAfterReasoning = false
    /// Whether the answer has reasoning, without which its calls have no ids.
    private var hasReasoning = false

    mutating func messages(in reader: DocumentReader) -> [ChatMessage] {
        let items = reader.elements("input")
        if items.isEmpty { reader.refuse("input", "expected at least one item") }
        for item in items { read(item) }
        endAnswer(reader)
        for id in waiting.keys.sorted() { reader.refuse("input", "No tool output found for function call \(id).") }
        return messages
    }

    private mutating func read(_ item: DocumentReader) {
        switch item.value("type")?.stringValue ?? "message" {
        case "message":
            let content = item.value("content") ?? .null
            guard let text = content.stringValue ?? content.arrayValue?.compactMap({ $0["text"]?.stringValue }).joined()
            else { return item.refuse("content", "expected a string or an array of parts, found \(content.kind)") }
            readMessage(item, text.withoutNullCharacters)
        case "function_call": call(item)
        case "function_call_output":
            endAnswer(item)
            guard let id = item.requiredString("call_id", maximumBytes: 64) else { return }
            guard let name = waiting.removeValue(forKey: id) else {
                return item.refuse("call_id", "No tool call found for function call output with call_id \(id).")
            }
            guard let output = item.value("output")?.stringValue else {
                return item.refuse("output", "expected a string")
            }
            let text = output.withoutNullCharacters
            messages.append(ChatMessage(role: .tool, content: text, toolCallID: id, name: name))
        case "reasoning":
            _ = item.requiredString("id", maximumBytes: 64)
            _ = item.requiredString("encrypted_content", maximumBytes: .max)
            if item.value("summary")?.arrayValue == nil { item.refuse("summary", "Missing required parameter") }
            answer.append(.opaque(item.json))
            (isAfterReasoning, hasReasoning) = (true, true)
        default: item.refuse("type", "Invalid value")
        }
    }

    private mutating func readMessage(_ item: DocumentReader, _ text: String) {
        switch item.value("role") {
        case "user"?:
            endAnswer(item)
            messages.append(.user(text))
        case "assistant"?:
            // Another answer may follow the outputs only.
            let members = item.json.objectValue ?? [:]
            let others = members.filter { !["type", "role", "content", "status"].contains($0.key) }
            answer.append(.text(text, JSONObject(others.map { ($0.key, $0.value) })))
            isAfterReasoning = false
        default: item.refuse("role", "expected one of user, assistant")
        }
    }

    private mutating func call(_ item: DocumentReader) {
        guard let id = item.requiredString("call_id", maximumBytes: 64),
            let name = item.requiredString("name", maximumBytes: 64)
        else { return }
        if !name.utf8.allSatisfy(\.isOfToolName) { item.refuse("name", "expected letters, digits, _ and -") }
        if !ids.insert(id).inserted { item.refuse("call_id", "ids must be unique") }
        if item.value("id") != nil, !hasReasoning {
            item.refuse("id", "was provided without its required 'reasoning' item")
        }
        guard let arguments = item.value("arguments")?.stringValue else {
            return item.refuse("arguments", "expected a string")
        }
        waiting[id] = name
        isAfterReasoning = false
        var call = ToolCallRequest(id: id, name: name, arguments: arguments.withoutNullCharacters)
        if let itemID = item.value("id") { call.native = NativeCall(call: ["id": itemID]) }
        answer.append(.call(call))
    }

    private mutating func endAnswer(_ reader: DocumentReader) {
        if isAfterReasoning {
            reader.refuse(nil, "an item of type 'reasoning' was provided without its required following item")
        }
        if !answer.isEmpty { messages.append(ResponsesItem.message(of: answer)) }
        (answer, isAfterReasoning, hasReasoning) = ([], false, false)
    }
}
