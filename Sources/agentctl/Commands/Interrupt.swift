import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl interrupt`.
struct Interrupt: Command {
    static let configuration = CommandConfiguration(
        abstract: "Stop the turn that runs in a conversation, on whatever host.",
        discussion: """
            The call to the model is cancelled and running tools are killed. What the turn has done so far stays in the \
            transcript, and the conversation continues with its next message. A turn that waits for an approval is ended too.

            EXAMPLE
              agentctl interrupt 123
            """
    )

    @Argument(help: "The conversation.")
    var conversation: String

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let seq = try await conversations.interrupt(conversation)
            if console.isJSON {
                console.print(["conversation_id": .string(conversation), "seq": .integer(seq)])
            } else {
                console.note("turn \(conversation)/\(seq) is being stopped; see: agentctl trace \(conversation)/\(seq)")
            }
            return .done
        }
    }
}
