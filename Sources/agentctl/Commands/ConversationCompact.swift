import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl conversations compact`.
struct ConversationCompact: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Have the oldest turns summarized for the model.",
        discussion: """
            The agent's model writes the summary; where it cannot, one is put together from the messages. The last two \
            turns are left as they are, the messages stay, and --undo takes the summary back. It ends with 3 when there is \
            nothing to summarize, or no summary to take back.

            EXAMPLE
              agentctl conversations compact 123
              agentctl conversations compact 123 --undo
            """
    )

    @Argument(help: "The conversation.")
    var id: String

    @Flag(help: "Take the last summary back.")
    var undo = false

    @OptionGroup var tools: ToolOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let (id, undo) = (id, undo)
        return try await operate(on: id, console: console, tools: tools) { conversations throws(StoreError) in
            undo ? try await conversations.undoCompaction(of: id) : try await conversations.compact(id)
        } sentence: { event in
            OperationResult(event).sentence(of: id)
        }
    }
}
