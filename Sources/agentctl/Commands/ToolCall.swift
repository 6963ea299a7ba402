import ArgumentParser
import Conversation
import Engine
import Glibc
import JSON
import Store
import Tools

/// The command `agentctl tools call`.
struct ToolCall: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call one of the tools by hand, as a model would.",
        discussion: """
            The arguments are checked by the tool's schema and its limits hold. What it prints goes to stdout as a model \
            would see it; with --json also the value, the time, and what was recorded: calls of functions and what was \
            refused, which are stored in the database as well. A command that ends with another code than 0, tests and code that \
            fail, and what is stopped because it takes too long end this command with 1.

            EXAMPLE
              agentctl tools call calculator '{"expression": "15% of 2847"}'
              agentctl tools call search '{"pattern": "TODO", "file_pattern": "*.swift"}' --workspace .
              jq -n '{path: "notes.txt", content: $ENV.NOTES}' | agentctl tools call file_write - --workspace . --json

            EXIT CODES
              0 done · 1 it failed or took too long · 2 the arguments are not right · 3 refused · 4 no such tool or thing · \
            5 database cannot be reached · 130 interrupted
            """
    )

    @Argument(help: "The tool's name.")
    var name: String

    @Argument(help: ArgumentHelp("The arguments as a JSON object, or - for stdin.", valueName: "json"))
    var arguments = "{}"

    @OptionGroup var tools: ToolOptions

    @OptionGroup var options: GlobalOptions

    func run(on console: Console) async throws -> ExitStatus {
        let text = try argumentText()
        return try await withStores(on: console) { stores in
            let tool = try await ToolDefinitions.catalog(stores.definitions).existingTool(name)
            let router = try ToolRouter([tool])
            let recorder = CallRecorder()
            let request = ToolCallRequest(id: "command", name: name, arguments: text)
            let result = try await withEngine(stores, tools) { engine in
                var context = ToolContext(services: engine.services, recorder: recorder)
                context.asker = .arguments
                return try await SignalInterruption.run { [context] in await router.call(request, in: context) }
            }
            let records = recorder.drain()
            try await stores.work.record(records.calls, records.events)
            return report(result, of: tool, records, on: console)
        }
    }

    private func argumentText() throws -> String {
        guard arguments == "-" else { return arguments }
        let bytes = try InputFile.read(STDIN_FILENO, name: "<stdin>", limit: ToolRouter.maximumArgumentBytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.refused, code: "invalid", "<stdin> is not text in UTF-8")
        }
        return text
    }

    private func report(
        _ result: ToolCallResult,
        of tool: any Tool,
        _ records: (calls: [FunctionCallRecord], events: [SecurityEventRecord]),
        on console: Console
    ) -> ExitStatus {
        if console.isJSON {
            console.print([
                "tool": .string(name), "effect": .string(tool.effect.rawValue), "text": .string(result.output.text),
                "truncated": .bool(result.output.truncated), "value": result.output.value ?? .null,
                "failed": .bool(result.error != nil),
                "error": result.error.map { ["code": .string($0.code.description), "message": .string($0.message)] }
                    ?? .null,
                "duration_ms": .number(result.duration.milliseconds),
                "function_calls": .array(records.calls.map(\.json)),
                "security_events": .array(records.events.map(\.json)),
            ])
        } else if result.error == nil || result.output.isFailure {
            console.print(console.output.shown(result.output.text))
        }
        guard let error = result.error else { return .done }
        if !console.isJSON, !result.output.isFailure {
            console.report(
                CommandFailure(Self.status(of: error), code: error.code.description, error.message, hint: error.hint)
            )
        }
        return Self.status(of: error)
    }

    private static func status(of error: ToolError) -> ExitStatus {
        switch error.code {
        case .invalidArguments: .usage
        case .denied, .configuration: .refused
        case .notFound: .notFound
        case .cancelled, .notBegun: .interrupted
        default: .failed
        }
    }
}

extension ToolCatalog {
    /// The tool of a name.
    ///
    /// - Throws: ``CommandFailure`` with ``ExitStatus/notFound`` and the nearest name.
    func existingTool(_ name: String) throws -> any Tool {
        if let tool = try tool(named: name) { return tool }
        throw CommandFailure(
            .notFound,
            code: "not_found",
            "there is no tool \"\(name)\"",
            hint: nearest(to: name).map { "Did you mean \($0)?" } ?? "See: agentctl tools list"
        )
    }
}
