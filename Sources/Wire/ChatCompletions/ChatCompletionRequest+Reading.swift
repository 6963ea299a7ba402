internal import Conversation
internal import Definitions
package import JSON

extension ChatCompletionRequest {
    /// Reads a request as a server receives it.
    ///
    /// Members that a conversation has no place for, such as `seed`, are left alone. Content that it has no place for,
    /// such as an image, is refused: an answer to a part of the question would be wrong.
    ///
    /// - Parameter body: The body.
    /// - Throws: ``RequestError`` with every mistake.
    package init(body: JSONValue) throws(RequestError) {
        let problems = DocumentReader.Problems()
        guard let reader = DocumentReader(body, path: "", problems: problems) else {
            throw RequestError(problems: problems.list)
        }
        let limits = OutputLimitMember.allCases
        let limit = limits.last { reader.value($0.rawValue) != nil } ?? .maximumTokens
        let content = ModelRequest(
            messages: ChatMessageReader.messages(in: reader),
            tools: Self.tools(in: reader),
            temperature: Self.number("temperature", in: reader),
            topP: Self.number("top_p", in: reader),
            presencePenalty: Self.number("presence_penalty", in: reader),
            frequencyPenalty: Self.number("frequency_penalty", in: reader),
            maximumOutputTokens: reader.integer(limit.rawValue, in: 1...Int(Int32.max)),
            outputSchema: Self.outputSchema(in: reader)
        )
        self.init(
            modelID: reader.requiredString("model", maximumBytes: .max) ?? "",
            content: content,
            outputLimitMember: limit,
            isStreaming: reader.boolean("stream") ?? false,
            includesUsage: reader.object("stream_options")?.boolean("include_usage") ?? false
        )
        guard problems.list.isEmpty else { throw RequestError(problems: problems.list) }
    }

    private static func number(_ key: String, in reader: DocumentReader) -> Double? {
        guard let value = reader.value(key) else { return nil }
        if value.numberValue == nil { reader.refuse(key, "expected a number, found \(value.kind)") }
        return value.numberValue
    }

    private static func tools(in reader: DocumentReader) -> [ToolSpecification] {
        reader.elements("tools").compactMap { tool in
            tool.expectFunction()
            guard let function = tool.requiredObject("function") else { return nil }
            let name = function.requiredString("name", maximumBytes: .max)
            let description = function.value("description")
            if let description, description.stringValue == nil {
                function.refuse("description", "expected a string, found \(description.kind)")
            }
            let schema = function.value("parameters") ?? ["type": "object"]
            if schema.objectValue == nil { function.refuse("parameters", "expected an object, found \(schema.kind)") }
            return ToolSpecification(
                name: name ?? "",
                description: description?.stringValue ?? "",
                inputSchema: JSONText(schema)
            )
        }
    }

    private static func outputSchema(in reader: DocumentReader) -> JSONValue? {
        guard let format = reader.object("response_format") else { return nil }
        switch format.value("type") {
        case "text"?:
            return nil
        case "json_object"?:
            return ["type": "object"]
        case "json_schema"?:
            let schema = format.requiredObject("json_schema")
            if let schema, schema.value("schema") == nil { schema.refuse(nil, "expected a member \"schema\"") }
            return schema?.value("schema")
        default:
            format.refuse("type", "expected one of text, json_object, json_schema")
            return nil
        }
    }
}

extension RequestError {
    /// The report with which a server refuses the request; its status is 400.
    package var report: ServerErrorReport { ServerErrorReport(message: message, type: "invalid_request_error") }
}
