import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl users rm`.
struct UserRemoval: Command {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Delete all that a user began.",
        discussion: """
            Conversations with everything that belongs to them go, also those of tasks, and tasks, plans and calls of \
            functions. What the user said and decided in conversations of others stays without the name. Definitions that \
            the user registered stay, and then so does the account. The role itself is the database's: DROP ROLE.

            All or nothing: refused while one of the user's turns is running. For owners. It asks first; without a terminal \
            it wants --yes.

            EXAMPLE
              agentctl users rm alice --dry-run
              agentctl users rm alice --yes --json | jq .deleted.messages
            """
    )

    @Argument(help: "The user.")
    var name: String

    @Flag(help: "Show what would be deleted, and change nothing.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let question = "Delete all that \"\(Printable.line(name, width: 64))\" began for good?"
            try await Confirmation.require(question, isGiven: yes || dryRun, on: console)
            var deleted = try await conversations.deleteUser(name, isRehearsal: dryRun)
            let names = deleted["names"]?.integerValue ?? 0
            deleted["names"] = nil
            if console.isJSON {
                console.print([
                    "user": .string(name), "dry_run": .bool(dryRun), "deleted": .object(deleted),
                    "unnamed": .integer(names),
                ])
                return .done
            }
            console.print("\(dryRun ? "would delete" : "deleted") \(DeletedRows(deleted).text)")
            if names > 0 {
                let what = names == 1 ? "1 message or decision" : "\(names) messages and decisions"
                console.print("\(what) in conversations of others \(dryRun ? "would lose" : "lost") the name")
            }
            return .done
        }
    }
}
