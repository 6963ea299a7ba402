import Conversation
import JSON

/// Replaces the whole text of a block.
struct MemoryRethinkTool: BlockTool {
    package static let implementation = ToolImplementation(
        name: "memory_rethink",
        description: """
            Writes one of your memory blocks anew: the whole of what stands in it is replaced. It is refused when somebody \
            else has changed the block since you saw it; you are shown what stands in it then.
            """,
        effect: .sql,
        parameters: [
            label,
            .required("new_text", .string(maximumLength: 100_000), "The whole new text."),
        ],
        configurationMembers: [],
        make: { settings, _ in MemoryRethinkTool(settings: settings) }
    )

    package let settings: ToolSettings

    func edit(_ arguments: JSONValue) -> JSONObject {
        ["do": "rethink", "new_text": arguments["new_text"] ?? ""]
    }
}
