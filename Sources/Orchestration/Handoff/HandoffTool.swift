package import Conversation
package import JSON
package import Tools

/// The tool by which an agent of a ``HandoffChain`` hands the conversation over.
///
/// The call itself changes nothing: the turn that made it resumes with the other agent.
package struct HandoffTool: Tool {
    /// The name by which models call it.
    package static let name = "handoff"

    package let specification: ToolSpecification

    /// The tool of an agent.
    ///
    /// - Parameter candidates: Whom it may hand over to; at least one.
    init(candidates: [Delegates.Candidate]) {
        let list = candidates.map { $0.description.isEmpty ? "- \($0.name)" : "- \($0.name): \($0.description)" }
        specification = ToolSpecification(
            name: Self.name,
            description: (["Hands the conversation over to another agent, which answers instead of you."] + list)
                .joined(separator: "\n"),
            inputSchema: JSONText([
                "type": "object",
                "properties": [
                    "agent": ["type": "string", "enum": .array(candidates.map { .string($0.name) })],
                    "reason": ["type": "string", "description": "Why, in a sentence for that agent."],
                ],
                "required": ["agent"],
                "additionalProperties": false,
            ])
        )
    }

    package var effect: ToolEffect { .pure }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        ToolOutput("\(arguments["agent"]?.stringValue ?? "") answers from here on.")
    }

    /// Whom the first handoff among calls that have ended goes to; nil for none.
    package static func target(of calls: some Sequence<ToolCallRecord>) -> String? {
        for call in calls where call.request.name == name && call.state == .succeeded {
            let arguments = try? JSONValue(parsing: call.request.arguments)
            if let agent = arguments?["agent"]?.stringValue { return agent }
        }
        return nil
    }
}
