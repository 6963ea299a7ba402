import ArgumentParser
import Engine
import JSON
import Store

/// The command `agentctl memory evaluate`.
struct MemoryEvaluate: Command {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure how well a labelled set of yours is searched.",
        discussion: """
            The file is JSON: {"memories": [{"id": "a", "text": "…"}], "queries": [{"text": "…", "answers": ["a"], "category": \
            "…"}]}. A query is a hit when one of its answers is among the best; one without answers should find nothing. Nothing \
            of it is kept. For owners.

            EXAMPLE
              agentctl memory evaluate labelled.json
              agentctl memory evaluate labelled.json -k 3 --json | jq .missed
            """
    )

    @Option(name: .customShort("k"), help: ArgumentHelp("How many are the best.", valueName: "count"))
    var maximum = 5

    @Option(help: ArgumentHelp("What queries without answers must not reach.", valueName: "number"))
    var minimumRelevance = 0.15

    @Argument(help: "The file.", completion: .file())
    var file: String

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...100).contains(maximum) else { throw ValidationError("-k is between 1 and 100.") }
    }

    func run(on console: Console) async throws -> ExitStatus {
        let bytes = try InputFile.read(file, limit: 16 << 20)
        let document: JSONValue
        do throws(JSONParseError) {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw CommandFailure(.refused, code: "invalid", "\(file) is not JSON: \(error)")
        }
        return try await withStore(\.conversations, on: console) { conversations in
            let result = try await conversations.evaluateMemories(
                document,
                maximum: maximum,
                relevance: minimumRelevance
            )
            if console.isJSON { console.print(.object(result)) } else { show(result, on: console) }
            return .done
        }
    }

    private func show(_ result: JSONObject, on console: Console) {
        let count = { (name: String) in result[name]?.integerValue ?? 0 }
        let rate = FieldFormat.rate.text(result["hit_rate"] ?? .null)
        console.print("hits at \(maximum): \(count("hits")) of \(count("answerable")) (\(rate)), by words")
        console.print(
            "without an answer: \(count("unanswerable_found")) of \(count("unanswerable")) find something at "
                + "relevance \(FieldFormat.fixed(minimumRelevance, digits: 2))"
        )
        for category in result["categories"]?.objectValue ?? [:] where !category.key.isEmpty {
            let hits = category.value["hits"]?.integerValue ?? 0
            let queries = category.value["queries"]?.integerValue ?? 0
            console.print("  \(console.output.shown(category.key)): \(hits) of \(queries)")
        }
    }
}
