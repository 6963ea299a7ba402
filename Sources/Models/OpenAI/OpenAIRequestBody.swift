import Conversation
internal import JSON

/// Writes the body of a Chat Completions request.
///
/// Members are always written in the same order, and what is the same in two requests has the same bytes: servers cache
/// by prefix.
struct OpenAIRequestBody {
    private var bytes: [UInt8] = []

    /// The body of a request, asking for a streamed answer.
    package static func bytes(for request: ModelRequest, model: Model) -> [UInt8] {
        var body = OpenAIRequestBody()
        body.write(request, model: model)
        return body.bytes
    }

    private mutating func write(_ request: ModelRequest, model: Model) {
        raw("{\"model\":")
        write(.string(model.modelID))
        raw(",\"messages\":")
        writeList(request.messages) { body, message in body.write(message) }
        if !request.tools.isEmpty {
            raw(",\"tools\":")
            writeList(request.tools) { body, tool in body.write(tool) }
        }
        writeMember("temperature", request.temperature.map { .number($0) })
        writeMember("top_p", request.topP.map { .number($0) })
        writeMember("presence_penalty", request.presencePenalty.map { .number($0) })
        writeMember("frequency_penalty", request.frequencyPenalty.map { .number($0) })
        writeMember(model.outputLimitMember.rawValue, request.maximumOutputTokens.map { .integer(Int64($0)) })
        if let schema = request.outputSchema {
            raw(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\",\"schema\":")
            write(schema)
            raw("}}")
        }
        raw(",\"stream\":true,\"stream_options\":{\"include_usage\":true}}")
    }

    private mutating func write(_ message: ChatMessage) {
        raw("{\"role\":")
        write(.string(message.role.rawValue))
        if message.role == .tool {
            writeMember("tool_call_id", .string(message.toolCallID ?? ""))
        } else {
            writeMember("name", message.name.map { .string($0) })
        }
        // An answer of nothing but calls has null content; an empty text is refused by some servers.
        let isSilent = message.content.isEmpty && !message.toolCalls.isEmpty
        writeMember("content", isSilent ? .null : .string(message.content))
        if !message.toolCalls.isEmpty {
            raw(",\"tool_calls\":")
            writeList(message.toolCalls) { body, call in body.write(call) }
        }
        raw("}")
    }

    private mutating func write(_ call: ToolCallRequest) {
        raw("{\"id\":")
        write(.string(call.id))
        raw(",\"type\":\"function\",\"function\":{\"name\":")
        write(.string(call.name))
        writeMember("arguments", .string(Self.argumentsForHistory(call.arguments)))
        raw("}}")
    }

    private mutating func write(_ tool: ToolSpecification) {
        raw("{\"type\":\"function\",\"function\":{\"name\":")
        write(.string(tool.name))
        writeMember("description", .string(tool.description))
        raw(",\"parameters\":")
        raw(tool.inputSchema.string)
        raw("}}")
    }

    /// Arguments as they go back to the server.
    ///
    /// Several servers parse the arguments in the history and answer with an error for ever after if the model once
    /// wrote something that is not a JSON object, so that is wrapped.
    static func argumentsForHistory(_ arguments: String) -> String {
        if arguments.isEmpty { return "{}" }
        if let value = try? JSONValue(parsing: arguments), value.objectValue != nil { return arguments }
        return JSONValue.object(["invalid_arguments": .string(arguments)]).text
    }
}

extension OpenAIRequestBody {
    private mutating func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func write(_ value: JSONValue) {
        value.write(to: &bytes)
    }

    /// Writes a member that is not the first; nothing if it has no value.
    private mutating func writeMember(_ name: String, _ value: JSONValue?) {
        guard let value else { return }
        raw(",\"\(name)\":")
        write(value)
    }

    private mutating func writeList<Element>(
        _ elements: [Element],
        _ writeElement: (inout OpenAIRequestBody, Element) -> Void
    ) {
        raw("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { raw(",") }
            writeElement(&self, element)
        }
        raw("]")
    }
}
