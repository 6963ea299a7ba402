import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl conversations redo`.
struct ConversationRedo: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "redo",
        abstract: "Take the last undo back: the model is shown the turns again.",
        discussion: """
            It ends with 3 when nothing was undone, or something was said since.

            EXAMPLE
              agentctl conversations redo 123
            """
    )

    @Argument(help: "The conversation.")
    var id: String

    @OptionGroup var tools: ToolOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let id = id
        return try await operate(on: id, console: console, tools: tools) { conversations throws(StoreError) in
            try await conversations.redo(id)
        } sentence: { event in
            OperationResult(event).sentence(of: id)
        }
    }
}
