import Agents
import ArgumentParser
import JSON

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
        return try await operate(on: id, console: console, tools: tools) { store throws(StoreError) in
            undo ? try await store.undoCompaction(of: id) : try await store.compact(id)
        } sentence: { event in
            let range =
                "messages \(event.data["first_message"]?.text ?? "") to \(event.data["last_message"]?.text ?? "")"
            switch event.type {
            case "compacted":
                let tokens = [event.data["before_tokens"], event.data["after_tokens"]].map { $0?.text ?? "" }
                let maker = event.data["by"] == "model" ? "by the model" : "without a model"
                return "\(range) summarized \(maker): about \(tokens[0]) tokens became \(tokens[1])"
            case "compaction_undone": return "\(range) are shown again, or the summary before"
            default: return Printable.text("not compacted: \(event.data["message"]?.stringValue ?? event.type)")
            }
        }
    }
}
