import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl memory stats`.
struct MemoryStats: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Say how much is remembered and how much of it is used, by collection.",
        discussion: """
            For readers and owners.

            EXAMPLE
              agentctl memory stats
            """
    )

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            console.print(
                try await reports.memoryMetrics(),
                [
                    ReportColumn("collection"), ReportColumn("memories", .count), ReportColumn("interactions", .count),
                    ReportColumn("untrusted", .count), ReportColumn("users", .count), ReportColumn("bytes", .count),
                    ReportColumn("with_vectors", .count), ReportColumn("times_shown", .count),
                    ReportColumn("latest_at", .time),
                ],
                whenEmpty: "nothing is remembered"
            )
            return .done
        }
    }
}
