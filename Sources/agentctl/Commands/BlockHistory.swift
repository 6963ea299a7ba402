import ArgumentParser
import Engine
import Store

/// The command `agentctl blocks history`.
struct BlockHistory: ListCommand {
    /// The most versions that are kept of a block.
    static let mostVersions = 1_000

    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the versions of a block, the newest first: what made each, and who.",
        discussion: """
            The last 1,000 versions are kept. With --json, each has what stood in it as the member "value".

            EXAMPLE
              agentctl blocks history project
            """
    )

    @OptionGroup var block: BlockOptions

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 50

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...Self.mostVersions).contains(limit) else { throw ValidationError("--limit is between 1 and 1000.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            _ = try await block.row(from: stores)
            console.print(
                try await stores.reports.blockVersions(
                    of: block.label,
                    conversation: block.conversation,
                    user: block.user,
                    account: block.account,
                    limit: limit
                ),
                [
                    ReportColumn("version", .count), ReportColumn("edit"), ReportColumn("characters", .count),
                    ReportColumn("agent"), ReportColumn("turn"), ReportColumn("created_by"),
                    ReportColumn("created_at", .time),
                ],
                whenEmpty: "the block was neither shown nor edited yet"
            )
            return .done
        }
    }
}
