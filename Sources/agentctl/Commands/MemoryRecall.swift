import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl memory recall`.
struct MemoryRecall: ListCommand {
    static let configuration = CommandConfiguration(
        commandName: "recall",
        abstract: "Find what answers a question.",
        discussion: """
            Of what a conversation sees, or an agent and a user together; without options of what all see. relevance is from 0 to \
            1; by says what was compared.

            EXAMPLE
              agentctl memory recall 'peanut allergy' --user ada
              agentctl memory recall 'deploys' --conversation 123 --filter '{"topic": "operations"}' --json
            """
    )

    @OptionGroup var whose: MemoryOptions

    @Option(help: ArgumentHelp("Only what has this metadata, a JSON object.", valueName: "json"))
    var filter: String?

    @Option(name: .customShort("k"), help: ArgumentHelp("How many at most.", valueName: "count"))
    var maximum = 5

    @Option(help: ArgumentHelp("The least relevance, from 0 to 1.", valueName: "number"))
    var minimumRelevance = 0.0

    @Argument(help: "The question, or words.")
    var query: String

    @OptionGroup var list: ListOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...100).contains(maximum) else { throw ValidationError("-k is between 1 and 100.") }
        guard (0...1).contains(minimumRelevance) else {
            throw ValidationError("--minimum-relevance is between 0 and 1.")
        }
    }

    func run(on console: Console) async throws -> ExitStatus {
        let filter = try MemoryOptions.object("--filter", filter)
        return try await withStore(\.conversations, on: console) { conversations in
            let rows = try await conversations.recallMemories(
                query,
                as: whose.scope,
                maximum: maximum,
                filter: filter,
                relevance: minimumRelevance
            )
            console.print(
                rows,
                [
                    ReportColumn("id", .count), ReportColumn("relevance", .rate), ReportColumn("by"),
                    ReportColumn("trust"), ReportColumn("created_at", .time), ReportColumn("content"),
                ],
                whenEmpty: "nothing that is remembered holds any of these words"
            )
            return .done
        }
    }
}
