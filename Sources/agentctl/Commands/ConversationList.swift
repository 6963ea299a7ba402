import ArgumentParser
import Engine
import Store

/// The command `agentctl conversations list`.
struct ConversationList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the conversations, the newest first.",
        discussion: """
            EXAMPLE
              agentctl conversations list --json | jq -r '.[].conversation_id'
            """
    )

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 50

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit is between 1 and 100000.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            console.print(
                try await reports.conversationReport(limit: limit),
                [
                    ReportColumn("conversation_id"), ReportColumn("agent"), ReportColumn("state"),
                    ReportColumn("finished", .count), ReportColumn("pending", .count), ReportColumn("messages", .count),
                    ReportColumn("created_at", .time), ReportColumn("created_by"),
                ],
                whenEmpty: "there is no conversation yet"
            )
            return .done
        }
    }
}
