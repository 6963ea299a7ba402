import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl conversations fork`.
struct ConversationFork: Command {
    static let configuration = CommandConfiguration(
        commandName: "fork",
        abstract: "Begin a new conversation at a message of another.",
        discussion: """
            Messages that were undone are left out; the other conversation stays as it is.

            EXAMPLE
              agentctl conversations fork 123 123b
              agentctl conversations fork 123 123b --message 8 --agent Analyst
            """
    )

    @Argument(help: "The conversation.")
    var id: String

    @Argument(help: "The id of the new one.")
    var newID: String

    @Option(help: ArgumentHelp("The last message that it has; without it, all.", valueName: "number"))
    var message: Int64?

    @Option(help: ArgumentHelp("Its agent, when not the same.", valueName: "name"))
    var agent: String?

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let messages = try await conversations.fork(id, to: newID, message: message, agent: agent)
            if console.isJSON {
                console.print(["conversation_id": .string(newID), "messages": .integer(messages)])
            } else {
                console.note("conversation \(Printable.text(newID)) continues from \(messages) messages")
                let place = GivenOptions.quoted(Printable.line(newID))
                console.note("to continue: agentctl send --conversation \(place) MESSAGE")
            }
            return .done
        }
    }
}
