import Conversation
import Definitions
internal import JSON
internal import Sandbox

/// What the tools that run code have in common: what they may use, and the record of what they did.
struct CodeRun: Sendable {
    /// The most bytes of output that a run may print before it is killed; the model is shown less.
    package static let maximumOutputBytes = 1 << 20

    /// The most bytes of output that the record keeps.
    static let maximumRecordedBytes = 64 << 10

    /// What is left of a tool's time for what comes after the run.
    private static let margin: Duration = .milliseconds(250)

    package let settings: ToolSettings
    package let context: ToolContext

    /// Where code runs.
    ///
    /// - Throws: ``ToolError/Code/failed`` that says what is missing.
    package func sandbox() throws(ToolError) -> Sandbox {
        guard let sandbox = context.services.sandbox else {
            throw ToolError(
                .failed,
                "\(settings.specification.name) needs a sandbox, and this process has none. Code cannot be run here; do "
                    + "without it. (An administrator runs agentctl doctor, which says what is missing.)"
            )
        }
        return sandbox
    }

    /// How long a run may take: what was asked for, within what the tool and the turn have left.
    ///
    /// - Parameter seconds: What was asked for.
    package func timeout(seconds: JSONValue?) -> Duration {
        var end = settings.limits.timeout
        if let deadline = context.deadline { end = min(end, deadline - .now) }
        // A run that is out of time is told as such, with what it printed; the router would only cut it off.
        let latest = max(end - Self.margin, end / 2)
        guard let seconds = seconds?.numberValue else { return max(latest, .milliseconds(1)) }
        return max(min(.seconds(seconds), latest), .milliseconds(1))
    }

    /// What a tool says when the code was not run.
    package func error(_ error: SandboxError) -> ToolError {
        var failure = message(of: error)
        // The rest of the limit is for the message, which says what happened.
        failure.printed = CodeOutput(limit: settings.limits.outputBytes / 4 * 3).text(error.output, notes: []).text
        return failure
    }

    private func message(of error: SandboxError) -> ToolError {
        switch error.code {
        case .cancelled: ToolError(.cancelled, "The run was stopped.")
        case .invalid: ToolError(.invalidArguments, error.message)
        case .workspace: ToolError(.denied, "The code was not run: \(error.message)")
        case .unavailable:
            ToolError(
                .failed,
                "\(settings.specification.name) cannot run code on this machine: \(error.message) Do without it. (An "
                    + "administrator runs agentctl doctor, which says what is missing.)"
            )
        case .shutdown where !error.output.isEmpty: ToolError(.cancelled, "The run was stopped.")
        default: ToolError(.failed, "The code was not run: \(error.message)")
        }
    }

    /// Keeps a run for the turn's record.
    package func record(_ outcome: PythonOutcome, code: String) {
        record(
            FunctionCallRecord(
                function: settings.specification.name,
                versionID: settings.versionID,
                language: "python",
                arguments: code,
                exitReason: outcome.exitReason.rawValue,
                result: outcome.result?.string,
                errorType: outcome.failure?.type,
                errorMessage: outcome.failure?.message,
                traceback: outcome.failure?.traceback,
                output: outcome.output,
                duration: outcome.duration,
                processorTime: outcome.processorTime,
                peakMemoryBytes: outcome.peakMemoryBytes,
                violations: outcome.violations.map(\.record)
            )
        )
    }

    /// Keeps a run for the turn's record.
    package func record(_ outcome: ShellOutcome, command: String) {
        record(
            FunctionCallRecord(
                function: settings.specification.name,
                versionID: settings.versionID,
                language: "shell",
                arguments: command,
                exitReason: outcome.exitReason.rawValue,
                errorMessage: outcome.exitCode.flatMap { $0 == 0 ? nil : "exit code \($0)" },
                output: outcome.output,
                duration: outcome.duration,
                processorTime: outcome.processorTime,
                peakMemoryBytes: outcome.peakMemoryBytes
            )
        )
    }

    /// Keeps a run that was stopped half-way; one that never began is none.
    package func record(_ error: SandboxError, language: String, code: String, started: ContinuousClock.Instant) {
        guard error.code == .cancelled || error.code == .broken || !error.output.isEmpty else { return }
        record(
            FunctionCallRecord(
                function: settings.specification.name,
                versionID: settings.versionID,
                language: language,
                arguments: code,
                exitReason: ExitReason.killed.rawValue,
                errorMessage: error.message,
                output: error.output,
                duration: .now - started
            )
        )
    }

    private func record(_ record: FunctionCallRecord) {
        var record = record
        record.callID = context.callID.isEmpty ? nil : context.callID
        record.output = record.output.prefix(utf8: Self.maximumRecordedBytes)
        context.recorder.add(record)
    }
}
