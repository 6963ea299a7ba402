import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl conversations undo`.
struct ConversationUndo: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take the last turns out of what the model is shown.",
        discussion: """
            Nothing is deleted, and what tools have done is done: the effects that stay are listed. It ends with 3 when \
            there is nothing to undo.

            EXAMPLE
              agentctl conversations undo 123
              agentctl conversations undo 123 --turns 3 --json | jq .effects
            """
    )

    @Argument(help: "The conversation.")
    var id: String

    @Option(help: ArgumentHelp("How many turns.", valueName: "count"))
    var turns = 1

    @OptionGroup var tools: ToolOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...10_000).contains(turns) else { throw ValidationError("--turns is between 1 and 10000.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        let (id, turns) = (id, turns)
        return try await operate(on: id, console: console, tools: tools) { conversations throws(StoreError) in
            try await conversations.undo(turns, of: id)
        } sentence: { event in
            OperationResult(event).sentence(of: id)
                + "\nto take it back before anything else is said: agentctl conversations redo \(Printable.text(id))"
        }
    }
}
