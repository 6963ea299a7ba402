import ArgumentParser
import Engine
import Store

/// The command `agentctl grants list`.
struct GrantList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List who may use what; for a client, what it may use itself.",
        discussion: """
            EXAMPLE
              agentctl grants list
              agentctl grants list support --json
            """
    )

    @Argument(help: "Only the agent, chain or function of this name.")
    var name: String?

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            console.print(
                try await reports.grantReport(name: name),
                [
                    ReportColumn("kind"), ReportColumn("name"), ReportColumn("access"), ReportColumn("role"),
                    ReportColumn("is_in_force"), ReportColumn("granted_at", .time), ReportColumn("granted_by"),
                    ReportColumn("description"),
                ],
                whenEmpty: name.map { "nothing is called \"\($0)\", or its use is not granted to you" }
                    ?? "there is nothing that may be used"
            )
            return .done
        }
    }
}
