import ArgumentParser
import Engine
import Store

/// The command `agentctl chains list`.
struct ChainList: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the chains in force: workflows, and relationships between agents.",
        discussion: """
            EXAMPLE
              agentctl chains list
              agentctl chains list --relationships     (who may delegate or hand over to whom, by which chain)
            """
    )

    @Flag(help: "List who may delegate or hand over to whom instead, one way a line.")
    var relationships = false

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            if relationships {
                console.print(
                    try await reports.relationshipReport(),
                    [
                        ReportColumn("from_agent"), ReportColumn("to_agent"), ReportColumn("capabilities"),
                        ReportColumn("strategy"), ReportColumn("chain"), ReportColumn("version", .count),
                    ],
                    whenEmpty: "no chain relates agents"
                )
            } else {
                console.print(
                    try await reports.chainReport(),
                    Chains.columns,
                    whenEmpty: "there are no chains yet; \(Chains.hint)"
                )
            }
            return .done
        }
    }
}
