import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl users erase`.
struct UserErasure: Command {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Delete all of a user of your application: conversations, memories and blocks.",
        discussion: """
            All or nothing: refused while one of the user's turns is running. For owners. It asks first; without a terminal it \
            wants --yes. What is deleted stays in the free space of tables' files for a while: agentctl memory purge \
            rewrites those of memories and blocks, not those of conversations.

            EXAMPLE
              agentctl users erase ada --account web_app --dry-run
              agentctl users erase ada --account web_app --yes
            """
    )

    @Argument(help: "The user, as send --user named it.")
    var user: String

    @Option(help: ArgumentHelp("The database user of the application, when not you.", valueName: "name"))
    var account: String?

    @Flag(help: "Show what would be deleted, and change nothing.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let question = "Delete all of \"\(Printable.line(user, width: 64))\" for good?"
            try await Confirmation.require(question, isGiven: yes || dryRun, on: console)
            let deleted = try await conversations.eraseUser(user, of: account, isRehearsal: dryRun)
            if console.isJSON {
                console.print(["user": .string(user), "dry_run": .bool(dryRun), "deleted": .object(deleted)])
            } else {
                console.print("\(dryRun ? "would delete" : "deleted") \(DeletedRows(deleted).text)")
            }
            return .done
        }
    }
}
