import Agents
import ArgumentParser
import JSON

/// The command `agentctl models`.
struct ModelDefinitions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List the models, or show one with its versions.",
        discussion: """
            EXAMPLE
              agentctl models list
              agentctl models show offline
            """,
        subcommands: [List.self, Show.self]
    )

    /// The command `agentctl models list`.
    struct List: Command {
        static let configuration = CommandConfiguration(
            abstract: "List the models in force.",
            discussion: """
                EXAMPLE
                  agentctl models list --json | jq -r '.[].name'
                """
        )

        @OptionGroup var options: GlobalOptions

        func run(on console: Console) async throws -> ExitStatus {
            try await withStore(on: console) { store in
                console.print(
                    try await store.modelReport(),
                    ModelDefinitions.columns,
                    whenEmpty: "there are no models yet; register some, or run: agentctl init-db --seed"
                )
                return .done
            }
        }
    }

    /// The command `agentctl models show`.
    struct Show: Command {
        static let configuration = CommandConfiguration(
            abstract: "Show one of the models as a document that can be registered again.",
            discussion: """
                EXAMPLE
                  agentctl models show offline > offline.yaml
                  agentctl models show offline --version 1 --json
                """
        )

        @Argument(help: "The name.")
        var name: String

        @Option(help: ArgumentHelp("The version; else the one in force.", valueName: "number"))
        var version: Int?

        @OptionGroup var options: GlobalOptions

        func run(on console: Console) async throws -> ExitStatus {
            try await showDefinition(kind: "model", name: name, version: version, on: console)
        }
    }

    private static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("provider"), ReportColumn("model"),
        ReportColumn("base_url"), ReportColumn("api_key_env"), ReportColumn("description"),
    ]
}
