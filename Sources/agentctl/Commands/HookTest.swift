import ArgumentParser
import Engine
import JSON
import Logging
import Orchestration
import Store

/// The command `agentctl hooks test`.
struct HookTest: Command {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send a hook's receiver an event of the type test, once, from here.",
        discussion: """
            It is signed as any other: the variables that hold the secrets have to be set here. Nothing is stored.

            EXAMPLE
              ORDERS_HOOK_SECRET=whsec_… agentctl hooks test orders
            """
    )

    @Argument(help: "The hook's name.")
    var name: String

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        try await withStores(on: console) { stores in
            let report = try await stores.reports.definitionReport(kind: "hook", name: name)
            guard let document = report.definition?["document"] else {
                throw CommandFailure(
                    .notFound,
                    code: "not_found",
                    "there is no hook \"\(name)\"",
                    hint: report.nearest.map { "Did you mean \($0)?" } ?? "See: agentctl hooks list"
                )
            }
            let outcome = try await withEngine(stores) { engine in await engine.testHook(name, document: document) }
            if console.isJSON {
                console.print([
                    "hook": .string(name), "status": outcome.status.map { .integer(Int64($0)) } ?? .null,
                    "error": outcome.problem.map { .string($0) } ?? .null,
                ])
            }
            if let problem = outcome.problem {
                throw CommandFailure(.failed, code: "undelivered", "hook \"\(name)\": \(problem)")
            }
            if !console.isJSON { console.note("hook \"\(name)\" answered \(outcome.status ?? 0)") }
            return .done
        }
    }
}
