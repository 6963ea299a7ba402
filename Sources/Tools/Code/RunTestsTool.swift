import Conversation
import Definitions
internal import JSON
internal import Sandbox

/// Runs tests and says which failed.
struct RunTestsTool: ImplementedTool {
    package static let implementation = ToolImplementation(
        name: "run_tests",
        description: """
            Runs a project's tests in the workspace, in the sandbox, and returns how many passed, failed and were skipped, \
            what failed and why, and the end of the output. Understands pytest, unittest, swift test, go test, cargo test, \
            jest, vitest and TAP.
            """,
        effect: .unsafe,
        parameters: [
            .optional(
                "command",
                .string(maximumLength: 65_536),
                "The command line that runs the tests, such as \"python3 -m pytest -q\"; the configured one if left out."
            )
        ] + CommandRun.parameters,
        configurationMembers: CodeLimits.members + ["command"],
        make: { settings, configuration in
            let limits = CodeLimits(configuration, grants: [.writable, .readOnly])
            let command = configuration.string("command", maximumBytes: 65_536)
            return RunTestsTool(settings: settings, code: limits, command: command)
        }
    )

    /// The most failures that are told.
    private static let maximumFailures = 50

    package let settings: ToolSettings
    package let code: CodeLimits
    /// What is run when the model does not say.
    package let command: String?

    package var effect: ToolEffect { settings.statedEffect ?? code.effect }

    /// The configured command is the row's, and no matter of rules about calls.
    package func facts(of arguments: JSONValue) -> ToolFacts { CommandRun.facts(of: arguments) }

    package func call(_ arguments: JSONValue, in context: ToolContext) async throws(ToolError) -> ToolOutput {
        guard let command = arguments["command"]?.stringValue ?? command else {
            throw ToolError(.invalidArguments, "Say which \"command\" runs the tests; none is configured.")
        }
        let run = CommandRun(settings: settings, code: code, context: context)
        let (outcome, sandboxLimits) = try await run.outcome(of: command, arguments)
        let report = TestReport(output: outcome.output)
        var notes: [String] = []
        if let note = run.repositoryNote(outcome) { notes.append(note) }
        if let note = CommandRun.note(outcome, limits: sandboxLimits) { notes.append(note) }
        notes.append(report.map(Self.text(of:)) ?? "[no summary of tests was recognised in the output]")
        // The summary stands last, where it is kept whole; of the output, mostly the end.
        let shown = CodeOutput(limit: limits.outputBytes).text(outcome.output, notes: notes)
        return ToolOutput(
            shown.text,
            truncated: shown.isCut || outcome.isOutputCut,
            value: Self.value(of: report, outcome),
            // A pipe into another program hides the code of the one that ran the tests.
            isFailure: CommandRun.isFailure(outcome) || report.map { $0.failed > 0 } ?? false
        )
    }

    private static func text(of report: TestReport) -> String {
        var lines = ["\(report.passed) passed, \(report.failed) failed, \(report.skipped) skipped (\(report.format))"]
        for failure in report.failures.prefix(maximumFailures) {
            lines.append(failure.message.isEmpty ? "- \(failure.name)" : "- \(failure.name): \(failure.message)")
        }
        let more = report.failures.count - maximumFailures
        if more > 0 { lines.append("[and \(more) more]") }
        return lines.joined(separator: "\n")
    }

    private static func value(of report: TestReport?, _ outcome: ShellOutcome) -> JSONValue {
        var value: JSONObject = [
            "exit_reason": .string(outcome.exitReason.rawValue),
            "exit_code": outcome.exitCode.map { .integer(Int64($0)) } ?? .null,
        ]
        guard let report else { return .object(value) }
        value["passed"] = .integer(Int64(report.passed))
        value["failed"] = .integer(Int64(report.failed))
        value["skipped"] = .integer(Int64(report.skipped))
        value["failures"] = .array(
            report.failures.prefix(maximumFailures).map {
                ["name": .string($0.name), "message": .string($0.message)]
            }
        )
        return .object(value)
    }
}
