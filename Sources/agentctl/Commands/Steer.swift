import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl steer`.
struct Steer: Command {
    static let configuration = CommandConfiguration(
        abstract: "Send a message into the turn that is in progress.",
        discussion: """
            The turn takes it up before it asks the model again: after the tools that run now, or when it would have ended. A \
            turn that ends without having done so leaves it to be answered as a message of its own.

            EXAMPLE
              agentctl steer 123 "Leave the tests alone, only mend the parser."
            """
    )

    @Argument(help: "The conversation.")
    var conversation: String

    @Argument(help: "The message.")
    var message: String

    @Option(help: ArgumentHelp("The same key in a conversation is the same message.", valueName: "key"))
    var idempotencyKey: String?

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let seq = try await conversations.steer(conversation, with: message, idempotencyKey: idempotencyKey)
            if console.isJSON {
                console.print(["conversation_id": .string(conversation), "seq": .integer(seq)])
            } else {
                console.note("message \(conversation)/\(seq) is on its way into the turn")
            }
            return .done
        }
    }
}
