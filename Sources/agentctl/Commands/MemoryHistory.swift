import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl memory history`.
struct MemoryHistory: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the versions of a memory, the first one first.",
        discussion: """
            EXAMPLE
              agentctl memory history 12
            """
    )

    @Argument(help: "The memory's number.")
    var id: Int64

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            let rows = try await reports.memoryVersions(of: id)
            guard !rows.isEmpty else { throw CommandFailure(unknownMemory: id) }
            console.print(
                rows,
                [
                    ReportColumn("version", .count), ReportColumn("trust"), ReportColumn("importance"),
                    ReportColumn("ended_at", .time), ReportColumn("changed_by"), ReportColumn("content"),
                ],
                whenEmpty: "there are no versions"
            )
            return .done
        }
    }
}
