import ArgumentParser
import Engine
import Store
import Synchronization

/// The command `agentctl conversations export`.
struct ConversationExport: Command {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a conversation as a file, complete.",
        discussion: """
            One JSON document on stdout: transcript, submissions, turns, tool calls, approvals, summaries, events, and the \
            versions of the definitions that they name. It holds what was said and done, so treat it as you treat the \
            database; the same conversation is the same text wherever it is. While a turn runs it is refused.

            EXAMPLE
              agentctl conversations export 123 > 123.json
              agentctl conversations export 123 | agentctl conversations import - --database-url postgresql://other/db
            """
    )

    @Argument(help: "The conversation.")
    var id: String

    @Flag(help: "Spread each item over lines.")
    var pretty = false

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let bytes = Mutex(0)
        try await withStore(\.conversations, on: console) { conversations in
            try await conversations.exportConversation(id, isPretty: pretty) { text in
                bytes.withLock { $0 += text.utf8.count }
                console.output.write(console.output.shown(json: text))
            }
        }
        let count = bytes.withLock { $0 }
        if count > ConversationFile.maximumLimit {
            console.note(
                "the file has \(count >> 20) MiB, which is more than can be imported into one database row of jsonb"
            )
        }
        return .done
    }
}
