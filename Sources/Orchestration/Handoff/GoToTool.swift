package import Conversation
package import JSON
package import Tools

/// The tool by which the agent of a node chooses the way of a chain.
///
/// The call changes nothing itself: the names go to the chain with the task's result.
package struct GoToTool: Tool {
    /// The name by which models call it.
    package static let name = "go_to"

    package let specification: ToolSpecification

    /// The tool of a task.
    ///
    /// - Parameter nodes: The nodes that may be chosen, `end` among them; at least one.
    package init(nodes: [String]) {
        specification = ToolSpecification(
            name: Self.name,
            description: "Chooses what comes after your answer. Call it, once or several times, before you answer.",
            inputSchema: JSONText([
                "type": "object",
                "properties": ["node": ["type": "string", "enum": .array(nodes.map { .string($0) })]],
                "required": ["node"],
                "additionalProperties": false,
            ])
        )
    }

    package var effect: ToolEffect { .pure }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        ToolOutput("\(arguments["node"]?.stringValue ?? "") comes next. Now answer.")
    }

    /// The nodes that the calls among a turn's messages chose, each once.
    package static func choices(of messages: [ChatMessage]) -> [String] {
        var chosen: [String] = []
        for call in messages.flatMap(\.toolCalls) where call.name == name {
            let arguments = try? JSONValue(parsing: call.arguments)
            if let node = arguments?["node"]?.stringValue, !chosen.contains(node) { chosen.append(node) }
        }
        return chosen
    }
}
