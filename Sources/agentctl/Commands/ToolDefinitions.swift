import Agents
import ArgumentParser
import JSON

/// The command `agentctl tools`.
struct ToolDefinitions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "List, show, call or export the tools.",
        discussion: """
            EXAMPLE
              agentctl tools list
              agentctl tools show calculator
              agentctl tools call calculator '{"expression": "15% of 2847"}'
            """,
        subcommands: [List.self, Show.self, ToolCall.self, ToolExport.self]
    )

    /// The command `agentctl tools list`.
    struct List: Command {
        static let configuration = CommandConfiguration(
            abstract: "List the tools in force.",
            discussion: """
                EXAMPLE
                  agentctl tools list --json | jq -r '.[].name'
                """
        )

        @OptionGroup var options: GlobalOptions

        func run(on console: Console) async throws -> ExitStatus {
            try await withStore(on: console) { store in
                let rows = try await store.toolReport()
                let catalog = try await ToolDefinitions.catalog(store)
                console.print(
                    rows.map { ToolDefinitions.withEffect($0, catalog) },
                    ToolDefinitions.columns,
                    whenEmpty: "there are no tools yet; register some, or run: agentctl init-db --seed"
                )
                return .done
            }
        }
    }

    /// The command `agentctl tools show`.
    struct Show: Command {
        static let configuration = CommandConfiguration(
            abstract: "Show one of the tools as a document that can be registered again.",
            discussion: """
                EXAMPLE
                  agentctl tools show calculator > calculator.yaml
                  agentctl tools show calculator --version 1 --json
                """
        )

        @Argument(help: "The name.")
        var name: String

        @Option(help: ArgumentHelp("The version; else the one in force.", valueName: "number"))
        var version: Int?

        @OptionGroup var options: GlobalOptions

        func run(on console: Console) async throws -> ExitStatus {
            try await showDefinition(kind: "tool", name: name, version: version, on: console)
        }
    }

    /// The tools in force.
    static func catalog(_ store: Store) async throws -> ToolCatalog {
        ToolCatalog(try await store.toolDefinitions())
    }

    /// A row with the effect that holds: its own, or the implementation's.
    ///
    /// A row that cannot be used has neither.
    private static func withEffect(_ row: JSONObject, _ catalog: ToolCatalog) -> JSONObject {
        guard row["effect"]?.stringValue == nil, let name = row["name"]?.stringValue else { return row }
        var row = row
        do {
            if let tool = try catalog.tool(named: name) { row["effect"] = .string(tool.effect.rawValue) }
        } catch {}
        return row
    }

    private static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("implementation"), ReportColumn("effect"),
        ReportColumn("timeout", .count), ReportColumn("description"),
    ]
}
