internal import Conversation
internal import JSON

extension ResponsesRequest {
    /// The request as a client sends it, JSON in UTF-8.
    ///
    /// What is the same in two requests has the same bytes: the server caches by prefix.
    package var bytes: [UInt8] {
        var frame = JSONFrame()
        frame.raw("{\"model\":")
        frame.write(.string(modelID))
        let instructions = content.messages.filter { $0.role == .system }.map(\.content).joined(separator: "\n\n")
        if !instructions.isEmpty { frame.writeMember("instructions", .string(instructions)) }
        frame.raw(",\"input\":[")
        var isFirst = true
        for message in content.messages where message.role != .system {
            frame.write(message, isFirst: &isFirst)
        }
        frame.raw("]")
        if !content.tools.isEmpty {
            frame.raw(",\"tools\":")
            frame.writeList(content.tools) { frame, tool in frame.write(tool) }
        }
        var changes = changes
        writeSettings(with: &changes, to: &frame)
        if isStreaming {
            frame.raw(",\"stream\":true")
            if omitsObfuscation { changes.write("stream_options", ["include_obfuscation": false], to: &frame) }
        }
        changes.writeOptions(to: &frame)
        frame.raw("}")
        return frame.bytes
    }

    private func writeSettings(with changes: inout RequestChanges, to frame: inout JSONFrame) {
        changes.write("temperature", content.temperature.map { .number($0) }, to: &frame)
        changes.write("top_p", content.topP.map { .number($0) }, to: &frame)
        changes.write("max_output_tokens", content.maximumOutputTokens.map { .integer(Int64($0)) }, to: &frame)
        changes.write("store", false, to: &frame)
        if includesReasoning { changes.write("include", ["reasoning.encrypted_content"], to: &frame) }
        guard let schema = content.outputSchema else { return }
        switch structuredOutput {
        case .schema:
            let format: JSONValue = ["type": "json_schema", "name": "answer", "schema": schema]
            changes.write("text", ["format": format], to: &frame)
        case .object: changes.write("text", ["format": ["type": "json_object"]], to: &frame)
        case .none: break
        }
    }
}

extension JSONFrame {
    fileprivate mutating func write(_ message: ChatMessage, isFirst: inout Bool) {
        func begin(_ frame: inout JSONFrame) {
            if !isFirst { frame.raw(",") }
            isFirst = false
        }
        switch message.role {
        case .assistant:
            for item in ResponsesItem.items(of: message) {
                begin(&self)
                write(item)
            }
        case .tool:
            begin(&self)
            let (id, output) = (message.toolCallID ?? "", message.content)
            write(["type": "function_call_output", "call_id": .string(id), "output": .string(output)])
        case .user, .system:
            begin(&self)
            write(["role": .string(message.role.rawValue), "content": .string(message.content)])
        }
    }

    /// Writes a tool.
    ///
    /// Its schema is JSON text already, made once for an agent, and only copied. It is not strict: the API takes those
    /// schemas only that name every property as required.
    fileprivate mutating func write(_ tool: ToolSpecification) {
        raw("{\"type\":\"function\",\"name\":")
        write(.string(tool.name))
        writeMember("description", .string(tool.description))
        raw(",\"parameters\":")
        raw(tool.inputSchema.string)
        raw(",\"strict\":false}")
    }
}
