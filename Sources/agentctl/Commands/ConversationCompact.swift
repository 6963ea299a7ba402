import ArgumentParser
import Conversation
import Engine
import JSON
import Store

/// The command `agentctl conversations compact`.
struct ConversationCompact: Command {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Have the oldest turns summarized for the model.",
        discussion: """
            The agent's model writes the summary; where it cannot, one is put together from the messages. The last two \
            turns are left as they are, the messages stay, and --undo takes the summary back.

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
            switch event.event {
            case .compacted(let made):
                let maker = made.by == "model" ? "by the model" : "without a model"
                return "\(Self.named(made.messages)) summarized \(maker): "
                    + "about \(made.beforeTokens) tokens became \(made.afterTokens)"
            case .compactionUndone(let messages?):
                return "\(Self.named(messages)) are shown again, or the summary before"
            case .error(_, let message, _): return Printable.text("not compacted: \(message)")
            default: return Printable.text("not compacted: \(event.type)")
            }
        }
    }

    private static func named(_ messages: Event.MessageRange) -> String {
        "messages \(messages.first) to \(messages.last)"
    }
}
