internal import Conversation
internal import JSON

extension MessagesRequest {
    /// The request as a client sends it, JSON in UTF-8.
    ///
    /// The instructions are above the messages. All outputs of a round are in one message of the user, before what the
    /// user says. What is the same in two requests has the same bytes: the server caches by prefix.
    package var bytes: [UInt8] {
        var frame = JSONFrame()
        frame.raw("{\"model\":")
        frame.write(.string(modelID))
        frame.writeMember("max_tokens", .integer(Int64(maximumOutputTokens)))
        var changes = changes
        changes.omittedMembers.insert("max_tokens")
        let instructions = content.messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
        if !instructions.isEmpty { frame.writeMember("system", .string(instructions)) }
        if !content.tools.isEmpty {
            frame.raw(",\"tools\":")
            frame.writeList(content.tools) { frame, tool in frame.write(tool) }
        }
        frame.raw(",\"messages\":")
        frame.writeList(speeches) { frame, speech in frame.write(speech) }
        // The API knows no higher one.
        changes.write("temperature", content.temperature.map { .number(min($0, 1)) }, to: &frame)
        changes.write("top_p", content.topP.map { .number($0) }, to: &frame)
        changes.write("stop_sequences", content.stopValue, to: &frame)
        if let schema = content.outputSchema, structuredOutput == .schema {
            changes.write("output_config", ["format": ["type": "json_schema", "schema": schema]], to: &frame)
        }
        if isStreaming { frame.raw(",\"stream\":true") }
        changes.writeOptions(to: &frame)
        frame.raw("}")
        return frame.bytes
    }

    /// The messages, those of one speaker together.
    private var speeches: [MessagesSpeech] {
        var speeches: [MessagesSpeech] = []
        for message in content.messages where message.role != .system {
            switch (message.role, speeches.last) {
            case (.assistant, _):
                speeches.append(.assistant(MessagesBlock.blocks(of: message)))
            case (.tool, .user(let outputs, let texts)?) where texts.isEmpty:
                speeches[speeches.count - 1] = .user(outputs: outputs + [message], texts: [])
            case (.tool, _):
                speeches.append(.user(outputs: [message], texts: []))
            case (_, .user(let outputs, let texts)?):
                speeches[speeches.count - 1] = .user(outputs: outputs, texts: texts + [message.content])
            default:
                speeches.append(.user(outputs: [], texts: [message.content]))
            }
        }
        if !continuedBlocks.isEmpty { speeches.append(.assistant(continuedBlocks.map { .opaque($0) })) }
        return speeches
    }
}

/// What one speaker says in one message.
private enum MessagesSpeech {
    case user(outputs: [ChatMessage], texts: [String])
    case assistant([MessagesBlock])
}

extension JSONFrame {
    fileprivate mutating func write(_ speech: MessagesSpeech) {
        switch speech {
        case .user(let outputs, let texts):
            raw("{\"role\":\"user\",\"content\":")
            if outputs.isEmpty, texts.count == 1 {
                write(.string(texts[0]))
            } else {
                let results: [JSONValue] = outputs.map { output in
                    [
                        "type": "tool_result", "tool_use_id": .string(output.toolCallID ?? ""),
                        "content": .string(output.content),
                    ]
                }
                write(.array(results + texts.map { ["type": "text", "text": .string($0)] }))
            }
        case .assistant(let blocks):
            raw("{\"role\":\"assistant\",\"content\":")
            writeList(blocks) { frame, block in frame.write(block) }
        }
        raw("}")
    }

    /// Writes a tool.
    ///
    /// Its schema is JSON text already, made once for an agent, and only copied.
    fileprivate mutating func write(_ tool: ToolSpecification) {
        raw("{\"name\":")
        write(.string(tool.name))
        writeMember("description", .string(tool.description))
        raw(",\"input_schema\":")
        raw(tool.inputSchema.string)
        raw("}")
    }
}
