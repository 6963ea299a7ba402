import Agents
import ArgumentParser
import JSON

/// The command `agentctl agents`.
struct AgentDefinitions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents",
        abstract: "List the agents, or show one with its versions.",
        discussion: """
            EXAMPLE
              agentctl agents list
              agentctl agents show assistant
            """,
        subcommands: [List.self, Show.self]
    )

    /// The command `agentctl agents list`.
    struct List: Command {
        static let configuration = CommandConfiguration(
            abstract: "List the agents in force.",
            discussion: """
                EXAMPLE
                  agentctl agents list --json | jq -r '.[].name'
                """
        )

        @OptionGroup var options: GlobalOptions

        func run(on console: Console) async throws -> ExitStatus {
            try await withStore(on: console) { store in
                console.print(
                    try await store.agentReport(),
                    AgentDefinitions.columns,
                    whenEmpty: "there are no agents yet; register some, or run: agentctl init-db --seed"
                )
                return .done
            }
        }
    }

    /// The command `agentctl agents show`.
    struct Show: Command {
        static let configuration = CommandConfiguration(
            abstract: "Show one of the agents as a document that can be registered again.",
            discussion: """
                EXAMPLE
                  agentctl agents show assistant > assistant.yaml
                  agentctl agents show assistant --version 1 --json
                """
        )

        @Argument(help: "The name.")
        var name: String

        @Option(help: ArgumentHelp("The version; else the one in force.", valueName: "number"))
        var version: Int?

        @OptionGroup var options: GlobalOptions

        func run(on console: Console) async throws -> ExitStatus {
            try await showDefinition(kind: "agent", name: name, version: version, on: console)
        }
    }

    private static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("model"), ReportColumn("tools"),
        ReportColumn("description"),
    ]
}
