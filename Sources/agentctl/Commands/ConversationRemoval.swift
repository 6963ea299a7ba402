import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl conversations rm`.
struct ConversationRemoval: Command {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Delete conversations with everything that belongs to them.",
        discussion: """
            Messages, turns, calls, events, approvals and plans go, and the conversations of the tasks that its turns \
            delegated. What waits in it is withdrawn. Forks stay. The id is free again, and a new conversation of the same \
            id begins from nothing. One whose turn is running is refused: agentctl interrupt ID stops it.

            It asks first; without a terminal it wants --yes. Each conversation is deleted by itself; the exit code is that of the first one \
            that could not be.

            EXAMPLE
              agentctl conversations rm 123 124
              agentctl conversations rm 123 --yes --json | jq .deleted.messages
            """
    )

    @Argument(help: "The conversations.")
    var ids: [String]

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let names = ids.map { "\"\(Printable.line($0, width: 64))\"" }.joined(separator: ", ")
        return try await withStore(\.conversations, on: console) { conversations in
            try await Confirmation.require("Delete \(names) for good?", isGiven: yes, on: console)
            var status = ExitStatus.done
            for id in ids {
                do throws(StoreError) {
                    let deleted = try await conversations.delete(id)
                    if console.isJSON {
                        console.printLine(["conversation_id": .string(id), "deleted": .object(deleted)])
                    } else {
                        console.note("conversation \(Printable.text(id)) is deleted: \(DeletedRows(deleted).text)")
                    }
                } catch {
                    let failure = CommandFailure(error)
                    console.report(failure)
                    if status == .done { status = failure.status }
                    guard error.code != .unreachable, error.code != .cancelled else { break }
                }
            }
            return status
        }
    }
}
