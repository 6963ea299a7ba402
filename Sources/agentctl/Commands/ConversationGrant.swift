import ArgumentParser
import Engine
import Store

/// The command `agentctl conversations grant`.
struct ConversationGrant: Command {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Let the members of a database role read a conversation.",
        discussion: """
            They read it, and those of its tasks, by the whole id: show, trace, events, export. They also need agentctl_client \
            or agentctl_reader: without it, all is refused to them. It is for owners, and for who began the conversation.

            EXAMPLE
              agentctl conversations grant web_app/order:7 --to support
              agentctl conversations grant web_app/order:7 --to support --remove
            """
    )

    @Argument(help: "The conversation.")
    var id: String

    @Option(name: .customLong("to"), help: ArgumentHelp("The database role.", valueName: "role"))
    var role: String

    @Flag(help: "Take the grant back.")
    var remove = false

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let isChanged =
                try await remove ? conversations.revoke(id, from: role) : conversations.grant(id, to: role)
            if console.isJSON {
                console.print([
                    "conversation_id": .string(id), "role": .string(role), "granted": .bool(!remove),
                    "changed": .bool(isChanged),
                ])
            } else {
                let what =
                    switch (remove, isChanged) {
                    case (false, true): "may read"
                    case (false, false): "could read already"
                    case (true, true): "may no longer read"
                    case (true, false): "had no grant for"
                    }
                console.note(Printable.text("\"\(role)\" \(what) conversation \"\(id)\""))
            }
            return .done
        }
    }
}
