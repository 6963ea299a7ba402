import ArgumentParser
import Engine
import Store

/// The command `agentctl workers`.
struct Workers: ListCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the workers: where they run, and what they hold.",
        discussion: """
            A worker of the kind inline is a command that processes its own message. One that is lost gave no sign of life \
            for longer than the setting worker_ttl says; what it held goes to the others. A worker claims what waits in its \
            queues and needs only what it offers; --unserved lists what waits that no worker serves, and why.

            EXAMPLE
              agentctl workers
              agentctl workers --all --json | jq '.[] | select(.state == "lost")'
              agentctl workers --unserved
            """
    )

    @Flag(help: "Also those that have stopped or were lost within the last day.")
    var all = false

    @Flag(help: "Instead, what waits that no worker serves, by queue and needs, and why.")
    var unserved = false

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            guard !unserved else {
                console.print(
                    try await reports.unservedReport(),
                    [
                        ReportColumn("queue"), ReportColumn("ready", .count), ReportColumn("oldest_ready_s", .count),
                        ReportColumn("conversation_id"), ReportColumn("reason"),
                    ],
                    whenEmpty: "workers serve all that waits"
                )
                return .done
            }
            console.print(
                try await reports.workerReport(all: all),
                [
                    ReportColumn("worker_id", .count), ReportColumn("kind"), ReportColumn("state"),
                    ReportColumn("host"), ReportColumn("process_id", .count), ReportColumn("release"),
                    ReportColumn("slots", .count), ReportColumn("running", .count), ReportColumn("queues"),
                    ReportColumn("offers"),
                    ReportColumn("started_at", .time), ReportColumn("heartbeat_at", .time),
                ],
                whenEmpty: "no worker runs; start one: agentctl work"
            )
            return .done
        }
    }
}
