import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl users export`.
struct UserExport: Command {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print all of a user of your application as one JSON document.",
        discussion: """
            Memories and blocks with their versions, and conversations as conversations export prints them. For owners.

            EXAMPLE
              agentctl users export ada --account web_app > ada.json
            """
    )

    @Argument(help: "The user, as send --user named it.")
    var user: String

    @Option(help: ArgumentHelp("The database user of the application, when not you.", valueName: "name"))
    var account: String?

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            console.print(try await conversations.exportUser(user, of: account))
            return .done
        }
    }
}
