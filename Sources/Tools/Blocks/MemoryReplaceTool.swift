import Conversation
import JSON

/// Replaces a piece of a block.
struct MemoryReplaceTool: BlockTool {
    package static let implementation = ToolImplementation(
        name: "memory_replace",
        description: """
            Replaces a piece of one of your memory blocks by another text, or removes it. The old text has to stand in the \
            block exactly once, as it is written there.
            """,
        effect: .sql,
        parameters: [
            label,
            .required("old_text", .string(maximumLength: 100_000), "The piece to replace, exactly as it stands there."),
            .required("new_text", .string(maximumLength: 100_000), "What stands in its place; empty to remove it."),
        ],
        configurationMembers: [],
        make: { settings, _ in MemoryReplaceTool(settings: settings) }
    )

    package let settings: ToolSettings

    func edit(_ arguments: JSONValue) -> JSONObject {
        ["do": "replace", "old_text": arguments["old_text"] ?? "", "new_text": arguments["new_text"] ?? ""]
    }
}
