import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl conversations cancel`.
struct ConversationCancel: Command {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel a message that waits for its turn.",
        discussion: """
            No agent answers it, and its number stays: agentctl trace ID/SEQ says that it was cancelled, and whoever waits \
            for its reply stops waiting. It ends with 3 when the message has begun, which agentctl interrupt stops, or has \
            ended. A message that was cancelled already stays so.

            EXAMPLE
              agentctl conversations cancel 123 --message 4
            """
    )

    @Argument(help: "The conversation.")
    var id: String

    @Option(help: ArgumentHelp("The number of the message: SEQ of the turn ID/SEQ.", valueName: "seq"))
    var message: Int64

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard message > 0 else { throw ValidationError("--message is the number of a message, from 1.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let isNew = try await conversations.cancel(message, of: id)
            let turn = "\(id)/\(message)"
            if console.isJSON {
                console.print(["turn": .string(turn), "status": "cancelled", "is_new": .bool(isNew)])
            } else {
                console.note("message \(Printable.line(turn)) \(isNew ? "is cancelled" : "was cancelled already")")
            }
            return .done
        }
    }
}
