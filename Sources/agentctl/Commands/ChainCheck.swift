import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl chains check`.
struct ChainCheck: Command {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check files of chains without storing anything, and draw what they hold.",
        discussion: """
            Every mistake is reported with its file, line and column. Agents, tools and functions that the chains name are \
            in the same files or in the database.

            EXAMPLE
              agentctl chains check research.yaml
              agentctl chains check agents.yaml chains.yaml --json
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Files, directories (their .yaml, .yml and .json files), or - for stdin.",
            valueName: "file"
        ),
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var files: [String]

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let documents = DocumentSet(try DocumentSource.read(files))
        return try await withStores(on: console) { stores in
            let mistakes = try await withEngine(stores) { engine in
                try await documents.mistakes(asking: stores.definitions, engine.functions) {
                    console.note("warning: \($0)")
                }
            }
            guard mistakes.isEmpty else {
                let problems = mistakes.count == 1 ? "1 problem" : "\(mistakes.count) problems"
                throw CommandFailure(.refused, code: "invalid", problems, mistakes: mistakes)
            }
            let chains = documents.values.filter { $0["kind"] == "chain" }
            guard !chains.isEmpty else {
                throw CommandFailure(.refused, code: "no_chain", "no document is of the kind chain")
            }
            let drawings = try await stores.reports.chainTexts(of: chains)
            if console.isJSON {
                console.print(
                    .array(zip(chains, drawings).map { ["name": $0["name"] ?? .null, "drawing": .string($1)] })
                )
            } else {
                console.print(console.output.shown(drawings.joined(separator: "\n\n")))
            }
            return .done
        }
    }
}
