internal import Conversation
internal import JSON

extension ChatCompletionRequest {
    /// The request as a client sends it, JSON in UTF-8.
    ///
    /// Members are always written in the same order, and what is the same in two requests has the same bytes: servers
    /// cache by prefix.
    package var bytes: [UInt8] {
        var frame = JSONFrame()
        frame.raw("{\"model\":")
        frame.write(.string(modelID))
        frame.raw(",\"messages\":")
        frame.writeList(content.messages) { frame, message in
            frame.write(message, arguments: Self.argumentsForHistory)
        }
        if !content.tools.isEmpty {
            frame.raw(",\"tools\":")
            frame.writeList(content.tools) { frame, tool in frame.write(tool) }
        }
        writeSettings(to: &frame)
        if isStreaming { frame.raw(",\"stream\":true") }
        let usage: JSONValue? = includesUsage ? ["include_usage": true] : nil
        write("stream_options", usage, to: &frame)
        for option in options where !Self.ownMembers.contains(option.key) && !omittedMembers.contains(option.key) {
            frame.raw(",")
            frame.write(.string(option.key))
            frame.raw(":")
            frame.write(option.value)
        }
        frame.raw("}")
        return frame.bytes
    }

    private func writeSettings(to frame: inout JSONFrame) {
        write("temperature", content.temperature.map { .number($0) }, to: &frame)
        write("top_p", content.topP.map { .number($0) }, to: &frame)
        write("presence_penalty", content.presencePenalty.map { .number($0) }, to: &frame)
        write("frequency_penalty", content.frequencyPenalty.map { .number($0) }, to: &frame)
        write(outputLimitMember.rawValue, content.maximumOutputTokens.map { .integer(Int64($0)) }, to: &frame)
        guard let schema = content.outputSchema else { return }
        switch structuredOutput {
        case .schema:
            let named: JSONValue = ["name": "answer", "schema": schema]
            write("response_format", ["type": "json_schema", "json_schema": named], to: &frame)
        case .object: write("response_format", ["type": "json_object"], to: &frame)
        case .none: break
        }
    }

    /// Writes a member that the model's document may leave out or replace.
    private func write(_ name: String, _ value: JSONValue?, to frame: inout JSONFrame) {
        guard !omittedMembers.contains(name), options[name] == nil else { return }
        frame.writeMember(name, value)
    }

    /// Arguments as they go back to the server.
    ///
    /// Several servers parse the arguments in the history and answer with an error for ever after if the model once
    /// wrote something that is not a JSON object, so that is wrapped.
    static func argumentsForHistory(_ arguments: String) -> String {
        if arguments.allSatisfy(\.isWhitespace) { return "{}" }
        if let value = try? JSONValue(parsing: arguments) {
            if value.objectValue != nil { return arguments }
            // What models write for a call without arguments.
            if value.isNull || value.arrayValue?.isEmpty == true { return "{}" }
        }
        return JSONValue.object(["invalid_arguments": .string(arguments)]).text
    }
}

extension JSONFrame {
    /// Writes a message of a request, or the one of an answer.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - arguments: The text that is written for the arguments of a call.
    mutating func write(_ message: ChatMessage, arguments: (String) -> String) {
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
            writeList(message.toolCalls) { frame, call in
                frame.raw("{")
                frame.writeCall(id: call.id, name: call.name, arguments: arguments(call.arguments))
                frame.write(members: call.native?.call)
                frame.raw("}")
            }
            write(members: message.toolCalls.first?.native?.message)
        }
        raw("}")
    }

    /// Writes members that are not the first of their object.
    private mutating func write(members: JSONObject?) {
        for member in members ?? [:] {
            raw(",")
            write(.string(member.key))
            raw(":")
            write(member.value)
        }
    }

    /// Writes the members of a call.
    mutating func writeCall(id: String, name: String, arguments: String) {
        raw("\"id\":")
        write(.string(id))
        raw(",\"type\":\"function\",\"function\":{\"name\":")
        write(.string(name))
        writeMember("arguments", .string(arguments))
        raw("}")
    }

    /// Writes a tool.
    ///
    /// Its schema is JSON text already, made once for an agent, and only copied.
    fileprivate mutating func write(_ tool: ToolSpecification) {
        raw("{\"type\":\"function\",\"function\":{\"name\":")
        write(.string(tool.name))
        writeMember("description", .string(tool.description))
        raw(",\"parameters\":")
        raw(tool.inputSchema.string)
        raw("}}")
    }
}
