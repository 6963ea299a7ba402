import ArgumentParser
import Engine
import Functions
import Glibc
import JSON
import Sandbox

/// The command `agentctl functions run`.
struct FunctionRun: ToolCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Call a function, and print its result.",
        discussion: """
            A result that is text is printed as it is, any other as JSON; what the function prints goes to stderr. The call is \
            stored like any other.

            EXAMPLE
              agentctl functions run add '{"left": 1, "right": 2}'
              jq -n '{text: $t}' --rawfile t notes.txt | agentctl functions run summarize -
            """
    )

    @Argument(help: "The name.")
    var name: String

    @Argument(help: "The arguments as a JSON object, or - for stdin; without them there are none.")
    var arguments: String?

    @Option(help: ArgumentHelp("The version; else the one in force.", valueName: "number"))
    var version: Int?

    @OptionGroup var tools: ToolOptions

    @OptionGroup var options: GlobalOptions

    /// The most bytes of arguments that are read.
    private static let maximumBytes = 1 << 20

    func run(on console: Console) async throws -> ExitStatus {
        let arguments = try readArguments()
        return try await withStores(on: console) { stores in
            try await withEngine(stores, tools) { engine in
                let functions = engine.functions
                let call = try await SignalInterruption.run {
                    try await functions.execute(name, version: version, arguments: arguments)
                }
                return try show(call.outcome, of: call.function, on: console)
            }
        }
    }

    private func show(
        _ outcome: FunctionOutcome,
        of function: FunctionDefinition,
        on console: Console
    ) throws -> ExitStatus {
        if console.isJSON {
            console.print(.object(outcome.json(of: function)))
            return outcome.status
        }
        if !outcome.output.isEmpty {
            let output = outcome.output.hasSuffix("\n") ? String(outcome.output.dropLast()) : outcome.output
            console.note(console.messages.shown(output))
        }
        guard let failure = outcome.failure else {
            console.print(console.output.shown(outcome.text))
            return .done
        }
        if let traceback = outcome.traceback { console.note(console.messages.shown(traceback)) }
        throw CommandFailure(
            outcome.status,
            code: outcome.errorType ?? outcome.exitReason.rawValue,
            "\(function.name) v\(function.version) failed (\(outcome.exitReason.rawValue)): \(failure)"
        )
    }

    private func readArguments() throws -> JSONValue {
        var text = arguments ?? "{}"
        if text == "-" {
            let bytes = try InputFile.read(STDIN_FILENO, name: "<stdin>", limit: Self.maximumBytes)
            guard let read = String(validating: bytes, as: UTF8.self) else {
                throw CommandFailure(.refused, code: "invalid", "<stdin> is not text in UTF-8")
            }
            text = read
        }
        let value: JSONValue
        do throws(JSONParseError) {
            value = try JSONValue(
                parsing: text,
                options: JSONParserOptions(maximumDepth: 64, refusesLargeIntegers: true)
            )
        } catch {
            throw CommandFailure(.usage, code: "usage", "the arguments are not JSON: \(error)")
        }
        guard value.objectValue != nil else {
            throw CommandFailure(.usage, code: "usage", "the arguments are not a JSON object")
        }
        return value
    }
}
