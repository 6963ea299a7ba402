import Agents
import ArgumentParser
import JSON

/// The command `agentctl guardrails`.
struct GuardrailDefinitions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "guardrails",
        abstract: "List the guardrails, or show one with its versions.",
        discussion: """
            EXAMPLE
              agentctl guardrails list
              agentctl guardrails show secrets
            """,
        subcommands: [List.self, Show.self]
    )

    /// The command `agentctl guardrails list`.
    struct List: Command {
        static let configuration = CommandConfiguration(
            abstract: "List the guardrails in force.",
            discussion: """
                EXAMPLE
                  agentctl guardrails list --json | jq -r '.[].name'
                """
        )

        @OptionGroup var options: GlobalOptions

        func run(on console: Console) async throws -> ExitStatus {
            try await withStore(on: console) { store in
                console.print(
                    try await store.guardrailReport(),
                    GuardrailDefinitions.columns,
                    whenEmpty: "there are no guardrails yet; register some"
                )
                return .done
            }
        }
    }

    /// The command `agentctl guardrails show`.
    struct Show: Command {
        static let configuration = CommandConfiguration(
            abstract: "Show one of the guardrails as a document that can be registered again.",
            discussion: """
                EXAMPLE
                  agentctl guardrails show secrets > secrets.yaml
                  agentctl guardrails show secrets --version 1 --json
                """
        )

        @Argument(help: "The name.")
        var name: String

        @Option(help: ArgumentHelp("The version; else the one in force.", valueName: "number"))
        var version: Int?

        @OptionGroup var options: GlobalOptions

        func run(on console: Console) async throws -> ExitStatus {
            try await showDefinition(kind: "guardrail", name: name, version: version, on: console)
        }
    }

    private static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("applies_to"), ReportColumn("check"),
        ReportColumn("action"), ReportColumn("agents"), ReportColumn("description"),
    ]
}
