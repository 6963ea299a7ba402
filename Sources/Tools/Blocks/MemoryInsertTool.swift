import Conversation
import JSON

/// Adds a line to a block.
struct MemoryInsertTool: BlockTool {
    package static let implementation = ToolImplementation(
        name: "memory_insert",
        description: """
            Adds text to one of your memory blocks as lines of its own: at the end, or after a line. What stands in it \
            stays. Others may edit the block at the same time: at the end nothing is lost; after a line it is refused when \
            the block has changed since you saw it.
            """,
        effect: .sql,
        parameters: [
            label,
            .required("new_text", .string(maximumLength: 100_000), "The text to add."),
            .optional(
                "line",
                .integer(0...100_000),
                "The line after which it is added, from 1; 0 for the beginning; without it, the end."
            ),
        ],
        configurationMembers: [],
        make: { settings, _ in MemoryInsertTool(settings: settings) }
    )

    package let settings: ToolSettings

    func edit(_ arguments: JSONValue) -> JSONObject {
        var edit: JSONObject = ["do": "insert", "new_text": arguments["new_text"] ?? ""]
        edit["line"] = arguments["line"]
        return edit
    }
}
