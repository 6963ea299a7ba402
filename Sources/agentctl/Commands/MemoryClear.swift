import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl memory clear`.
struct MemoryClear: Command {
    static let configuration = CommandConfiguration(
        commandName: "clear",
        abstract: "Forget all memories of a collection, or those of an agent, a user or a conversation.",
        discussion: """
            For owners. It asks first; without a terminal it wants --yes.

            EXAMPLE
              agentctl memory clear --user ada --dry-run
              agentctl memory clear --collection trial --yes
            """
    )

    @OptionGroup var whose: MemoryOptions

    @Option(help: ArgumentHelp("Only those with this metadata, a JSON object.", valueName: "json"))
    var filter: String?

    @Flag(help: "Say how many it would be, and change nothing.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let filter = try MemoryOptions.object("--filter", filter)
        let scope = whose.scope
        return try await withStore(\.conversations, on: console) { conversations in
            if !dryRun {
                let count = try await conversations.clearMemories(of: scope, filter: filter, isRehearsal: true)
                try await Confirmation.require("Forget \(count) memories for good?", isGiven: yes, on: console)
            }
            let count = try await conversations.clearMemories(of: scope, filter: filter, isRehearsal: dryRun)
            if console.isJSON {
                console.print(["dry_run": .bool(dryRun), "forgotten": .integer(count)])
            } else {
                console.print("\(dryRun ? "would forget" : "forgot") \(count == 1 ? "1 memory" : "\(count) memories")")
            }
            return .done
        }
    }
}
