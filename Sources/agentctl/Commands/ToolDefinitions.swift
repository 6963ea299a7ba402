import Agents
import ArgumentParser
import JSON

/// The command `agentctl tools`.
struct ToolDefinitions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "List the tools, or show one with its versions.",
        discussion: """
            EXAMPLE
              agentctl tools list
              agentctl tools show calculator
            """,
        subcommands: [List.self, Show.self]
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
                console.print(
                    try await store.toolReport(),
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

    private static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("implementation"), ReportColumn("effect"),
        ReportColumn("timeout", .count), ReportColumn("description"),
    ]
}
