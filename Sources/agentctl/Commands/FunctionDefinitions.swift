import Agents
import ArgumentParser
import JSON

/// The command `agentctl functions`.
struct FunctionDefinitions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "functions",
        abstract: "List, show, call, test and compare stored functions.",
        discussion: """
            Functions are stored with agentctl register, from documents of the kind function. Agents that name them call \
            them as tools; in SQL: SELECT agentctl.call_function('add', '{"left": 1}')

            EXAMPLE
              agentctl functions list
              agentctl functions run add '{"left": 1, "right": 2}'
              agentctl functions test
            """,
        subcommands: [
            List.self, Show.self, FunctionRun.self, FunctionTest.self, FunctionDiff.self, FunctionHistory.self,
            FunctionRemoval.self,
        ]
    )

    /// The command `agentctl functions list`.
    struct List: Command {
        static let configuration = CommandConfiguration(
            abstract: "List the functions in force.",
            discussion: """
                EXAMPLE
                  agentctl functions list --json | jq -r '.[].name'
                """
        )

        @OptionGroup var options: GlobalOptions

        func run(on console: Console) async throws -> ExitStatus {
            try await withStore(on: console) { store in
                console.print(
                    try await store.functionReport(),
                    FunctionDefinitions.columns,
                    whenEmpty: "there are no functions yet; register some: agentctl register FILE"
                )
                return .done
            }
        }
    }

    /// The command `agentctl functions show`.
    struct Show: Command {
        static let configuration = CommandConfiguration(
            abstract: "Show one of the functions as a document that can be registered again.",
            discussion: """
                EXAMPLE
                  agentctl functions show add > add.yaml
                  agentctl functions show add --version 1 --json
                """
        )

        @Argument(help: "The name.")
        var name: String

        @Option(help: ArgumentHelp("The version; else the one in force.", valueName: "number"))
        var version: Int?

        @OptionGroup var options: GlobalOptions

        func run(on console: Console) async throws -> ExitStatus {
            try await showDefinition(kind: "function", name: name, version: version, on: console)
        }
    }

    private static let columns = [
        ReportColumn("name"), ReportColumn("version", .count), ReportColumn("language"), ReportColumn("effect"),
        ReportColumn("timeout", .count), ReportColumn("examples", .count), ReportColumn("description"),
    ]
}
