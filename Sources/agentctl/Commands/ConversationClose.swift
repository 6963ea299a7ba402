import ArgumentParser
import Engine
import Store

/// The command `agentctl conversations close`.
struct ConversationClose: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Close a conversation: nothing more is accepted.",
        discussion: """
            What was submitted before is processed. A closed conversation can be read and forked.

            EXAMPLE
              agentctl conversations close 123
            """
    )

    @Argument(help: "The conversation.")
    var id: String

    @OptionGroup var tools: ToolOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let id = id
        return try await operate(on: id, console: console, tools: tools) { conversations throws(StoreError) in
            try await conversations.close(id)
        } sentence: { _ in
            Printable.text("conversation \(id) is closed")
        }
    }
}
