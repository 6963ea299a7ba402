import ArgumentParser
import Engine
import Glibc
import JSON
import Store

/// The command `agentctl conversations import`.
struct ConversationImport: Command {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Store a conversation that export has written.",
        discussion: """
            All of it is stored, or nothing. It continues where it was: what waited for a worker or for approval waits \
            here as well, so close the original if it is to continue in one place only.

            Turns name versions of definitions. A version with the same content here is taken for it; where one is \
            missing, nothing is stored and the message names it, and with --register it is stored beside what is there, \
            which stays in force. The conversation continues with what is in force here.

            EXAMPLE
              agentctl conversations import 123.json --dry-run
              agentctl conversations import 123.json --as 123-copy --register
            """
    )

    @Argument(
        help: ArgumentHelp("The file, or - for stdin.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var file: String

    @Option(name: .customLong("as"), help: ArgumentHelp("Another id than its own.", valueName: "id"))
    var newID: String?

    @Flag(help: "Store versions of definitions that are missing.")
    var register = false

    @Flag(help: "Let decisions for every conversation of an agent hold here too; else they count once.")
    var keepAlways = false

    @Flag(help: "Check everything and store nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("The largest file that is read, in MiB, at most 255.", valueName: "mebibytes"))
    var limit = ConversationFile.defaultLimit >> 20

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...ConversationFile.maximumLimit >> 20).contains(limit) else {
            throw ValidationError("--limit is between 1 and \(ConversationFile.maximumLimit >> 20).")
        }
    }

    func run(on console: Console) async throws -> ExitStatus {
        let name = file == "-" ? "<stdin>" : file
        let bytes =
            file == "-"
            ? try InputFile.read(STDIN_FILENO, name: name, limit: limit << 20)
            : try InputFile.read(file, limit: limit << 20)
        let conversation: ConversationFile
        do throws(ConversationFileError) {
            conversation = try ConversationFile(parsing: bytes, limit: limit << 20)
        } catch {
            throw ConversationMistakes(bytes, file: name).failure(error)
        }
        var importing = ImportOptions()
        importing.id = newID
        importing.registersDefinitions = register
        importing.keepsAlwaysApprovals = keepAlways
        importing.isRehearsal = dryRun
        return try await withStore(\.conversations, on: console) { conversations in
            do throws(StoreError) {
                let imported = try await conversations.importConversation(conversation, options: importing)
                if console.isJSON { console.print(imported.json) } else { print(imported, console) }
                return .done
            } catch {
                throw ConversationMistakes(bytes, file: name).failure(error)
            }
        }
    }

    private func print(_ imported: ImportedConversation, _ console: Console) {
        for version in imported.registered { console.note("registered \(Printable.text(version.description))") }
        for version in imported.differing {
            console.note("warning: it continues with \(Printable.text(version.description)), which is in force here")
        }
        if imported.narrowedApprovals > 0 {
            let what = imported.narrowedApprovals == 1 ? "decision" : "decisions"
            console.note(
                "warning: \(imported.narrowedApprovals) \(what) for every conversation of an agent: here once (see --keep-always)"
            )
        }
        if imported.leftOutScheduleRuns > 0 {
            let what = imported.leftOutScheduleRuns == 1 ? "run of a schedule was" : "runs of schedules were"
            console.note("\(imported.leftOutScheduleRuns) \(what) left out: it is here, or the schedule is not")
        }
        let counts = "\(imported.messages) messages, \(imported.turns) turns, \(imported.events) events"
        console.note("conversation \(Printable.text(imported.conversation)): \(counts), \(imported.state)")
        if dryRun { console.note("nothing was stored") }
    }
}
