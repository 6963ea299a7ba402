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
            frame.write(message, arguments: \.argumentsForHistory)
        }
        if !content.tools.isEmpty {
            frame.raw(",\"tools\":")
            frame.writeList(content.tools) { frame, tool in frame.write(tool) }
        }
        var changes = changes
        writeSettings(with: &changes, to: &frame)
        if isStreaming { frame.raw(",\"stream\":true") }
        let usage: JSONValue? = includesUsage ? ["include_usage": true] : nil
        changes.write("stream_options", usage, to: &frame)
        changes.writeOptions(to: &frame)
        frame.raw("}")
        return frame.bytes
    }

    private func writeSettings(with changes: inout RequestChanges, to frame: inout JSONFrame) {
        changes.write("temperature", content.temperature.map { .number($0) }, to: &frame)
        changes.write("top_p", content.topP.map { .number($0) }, to: &frame)
        changes.write("presence_penalty", content.presencePenalty.map { .number($0) }, to: &frame)
        changes.write("frequency_penalty", content.frequencyPenalty.map { .number($0) }, to: &frame)
        changes.write(outputLimitMember.rawValue, content.maximumOutputTokens.map { .integer(Int64($0)) }, to: &frame)
        changes.write("stop", content.stopValue, to: &frame)
        guard let schema = content.outputSchema else { return }
        switch structuredOutput {
        case .schema:
            let named: JSONValue = ["name": "answer", "schema": schema]
            changes.write("response_format", ["type": "json_schema", "json_schema": named], to: &frame)
        case .object: changes.write("response_format", ["type": "json_object"], to: &frame)
        case .none: break
        }
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
