import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl memory list`.
struct MemoryList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List memories, the latest first.",
        discussion: """
            A client sees those of its own account, a reader all. With --conversation those that only it sees, and those that \
            were learned in it.

            EXAMPLE
              agentctl memory list --user ada
              agentctl memory list --filter '{"topic": "food"}' --json
            """
    )

    @Option(help: ArgumentHelp("Only those of a collection.", valueName: "name"))
    var collection: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Only those of a conversation.", valueName: "id"))
    var conversation: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Only those of an agent.", valueName: "name"))
    var agent: String?

    @Option(help: ArgumentHelp("Only those of your application's user.", valueName: "id"))
    var user: String?

    @Option(help: ArgumentHelp("Only those of a database user's application.", valueName: "name"))
    var account: String?

    @Option(help: ArgumentHelp("Only those with this metadata, a JSON object.", valueName: "json"))
    var filter: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 50

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is between 1 and 100000.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        let filter = try MemoryOptions.object("--filter", filter)
        var scope = MemoryScope()
        (scope.conversation, scope.agent, scope.user, scope.account) = (conversation, agent, user, account)
        return try await withStore(\.reports, on: console) { [scope] reports in
            let rows = try await reports.memoryReport(of: scope, collection: collection, filter: filter, limit: limit)
            console.print(
                rows,
                [
                    ReportColumn("id", .count), ReportColumn("kind"), ReportColumn("trust"), ReportColumn("agent"),
                    ReportColumn("user_id"), ReportColumn("importance"), ReportColumn("updated_at", .time),
                    ReportColumn("content"),
                ],
                whenEmpty: "there are no such memories"
            )
            return .done
        }
    }
}
