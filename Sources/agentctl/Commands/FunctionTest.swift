import ArgumentParser
import Engine
import Functions
import JSON
import Store

/// The command `agentctl functions test`.
struct FunctionTest: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the examples that are stored with functions.",
        discussion: """
            Each example is called, and what comes of it is compared with its result or its error. Ends with 1 when one of \
            them is different.

            EXAMPLE
              agentctl functions test
              agentctl functions test add subtract --json
            """
    )

    @Argument(help: "The names; without any, all functions.")
    var names: [String] = []

    @OptionGroup var tools: ToolOptions

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            let names = names.isEmpty ? try await stores.definitions.functionNames() : names
            let results = try await withEngine(stores, tools) { engine in
                var results: [FunctionTestResult] = []
                for name in names {
                    let found = try await engine.functions.test(name)
                    if found.isEmpty { console.note("\(name) has no examples") }
                    for result in found where !console.isJSON { console.print(result.text) }
                    results += found
                }
                return results
            }
            if console.isJSON { console.print(.array(results.map(\.json))) }
            let failed = results.count { $0.failure != nil }
            console.note("\(results.count - failed) of \(results.count) examples passed")
            return failed == 0 ? .done : .failed
        }
    }
}
