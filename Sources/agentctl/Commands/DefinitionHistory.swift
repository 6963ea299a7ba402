import ArgumentParser
import Engine
import JSON
import Store

/// The command `history` of a group.
struct DefinitionHistory<Group: DefinitionGroup>: ListCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "history",
            abstract: "List the versions, the newest first.",
            discussion: """
                Of agents, chains, models, tools and functions with the results of their turns or calls.

                EXAMPLE
                  agentctl \(Group.plural) history \(Group.example)
                """
        )
    }

    @Argument(help: "The name.")
    var name: String

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStore(\.reports, on: console) { reports in
            let rows = try await reports.definitionHistory(kind: Group.kind, name: name)
            guard !rows.isEmpty else {
                let nearest = try await reports.definitionReport(kind: Group.kind, name: name).nearest
                throw CommandFailure(missing: name, version: nil, of: Group.self, nearest: nearest)
            }
            console.print(rows, Self.columns(of: rows), whenEmpty: "")
            return .done
        }
    }

    private static func columns(of rows: [JSONObject]) -> [ReportColumn] {
        let uses = [
            ReportColumn("calls", .count), ReportColumn("ok", .count), ReportColumn("p50_ms", .milliseconds),
            ReportColumn("last_at", .time),
        ]
        return [ReportColumn("version", .count), ReportColumn("in_force")]
            + (rows.contains { $0["calls"]?.integerValue != nil } ? uses : [])
            + [ReportColumn("created_at", .time), ReportColumn("created_by")]
    }
}
