import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl memory export`.
struct MemoryExport: Command {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print memories as JSON, one a line.",
        discussion: """
            A client exports those of its own account, a reader all.

            EXAMPLE
              agentctl memory export --user ada > ada.jsonl
              agentctl memory import ada.jsonl
            """
    )

    @Option(help: ArgumentHelp("Only those of a collection.", valueName: "name"))
    var collection: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Only those of an agent.", valueName: "name"))
    var agent: String?

    @Option(help: ArgumentHelp("Only those of your application's user.", valueName: "id"))
    var user: String?

    @Option(help: ArgumentHelp("Only those of a database user's application.", valueName: "name"))
    var account: String?

    @OptionGroup var options: GlobalOptions

    /// Memories that are read at a time.
    private static let page = 1_000

    func run(on console: Console) async throws -> ExitStatus {
        var scope = MemoryScope()
        (scope.agent, scope.user, scope.account) = (agent, user, account)
        return try await withStore(\.reports, on: console) { [scope] reports in
            var last: Int64?
            while true {
                let rows = try await reports.memoryReport(
                    of: scope,
                    collection: collection,
                    before: last,
                    limit: Self.page
                )
                for row in rows { console.printLine(.object(row)) }
                last = rows.last?["id"]?.integerValue
                guard rows.count == Self.page else { return .done }
            }
        }
    }
}
