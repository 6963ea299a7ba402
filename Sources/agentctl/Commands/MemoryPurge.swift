import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl memory purge`.
struct MemoryPurge: Command {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Rewrite the tables of memories and blocks, so that their files hold nothing that was deleted.",
        discussion: """
            What is deleted stays in the free space of a table's file until something takes its place. This rewrites the files; \
            each table is locked meanwhile. What was said in \
            conversations is not in them (VACUUM (FULL) agentctl.message rewrites that). The server's write-ahead log and your backups are not touched: they end as you have \
            them end. For the owner of the tables.

            EXAMPLE
              agentctl memory forget 12; agentctl memory purge --yes
            """
    )

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.conversations, on: console) { conversations in
            let question = "Rewrite the tables of memories and blocks? Agents that use them wait meanwhile."
            try await Confirmation.require(question, isGiven: yes, on: console)
            let tables = try await conversations.purgeMemories()
            if console.isJSON {
                console.print(["rewritten": .array(tables.map { .string($0) })])
            } else {
                console.print("rewritten: \(tables.joined(separator: ", "))")
                console.note("the write-ahead log and backups still hold it until they end")
            }
            return .done
        }
    }
}
