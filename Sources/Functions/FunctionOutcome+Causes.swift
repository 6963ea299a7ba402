import Conversation
package import Definitions
internal import JSON
package import Sandbox
package import Store
package import Tools

extension FunctionOutcome {
    /// What came of a call into the sandbox.
    package init(_ outcome: PythonOutcome, of function: FunctionDefinition) {
        self.init(result: .null)
        exitReason = outcome.exitReason
        result = nil
        output = outcome.output
        duration = outcome.duration
        processorTime = outcome.processorTime
        peakMemoryBytes = outcome.peakMemoryBytes
        violations = outcome.violations
        errorType = outcome.failure?.type
        errorMessage = outcome.failure?.message
        traceback = outcome.failure?.traceback
        guard outcome.exitReason == .ok else {
            if errorType == nil { errorType = outcome.exitReason.rawValue }
            if errorMessage == nil || outcome.exitReason != .error {
                errorMessage = Self.explanation(of: outcome, function, said: errorMessage)
            }
            return
        }
        guard let text = outcome.result else {
            result = .null
            return
        }
        do throws(JSONParseError) {
            result = try JSONValue(
                parsing: text.string,
                options: JSONParserOptions(refusesLargeIntegers: true)
            )
        } catch {
            exitReason = .error
            errorType = "result_invalid"
            errorMessage = "the result cannot be read: \(error)"
        }
    }

    private static func explanation(
        of outcome: PythonOutcome,
        _ function: FunctionDefinition,
        said message: String?
    ) -> String {
        switch outcome.exitReason {
        case .timeout: return "it took longer than \(function.timeout) and was stopped"
        case .memory: return message ?? "it needed more memory than \(function.memoryMegabytes) MB"
        case .output: return message ?? "it printed or returned more than it may"
        case .denied:
            let tried = outcome.violations.prefix(3).map { "\($0.kind.rawValue) \($0.detail)" }
            let list = tried.isEmpty ? "" : " (\(tried.joined(separator: ", ")))"
            return (message ?? "it tried what it may not do") + list
        case .killed: return message ?? "it ended without an answer"
        case .ok, .error: return message ?? "it failed"
        }
    }

    /// Why code was not run.
    package init(_ error: SandboxError) {
        switch error.code {
        case .cancelled, .shutdown:
            self.init(.killed, error.code.description, error.message)
            isCancelled = true
        case .broken: self.init(.killed, error.code.description, error.message)
        default: self.init(.denied, error.code.description, error.message)
        }
        output = error.output
    }

    /// Why a statement did not return.
    package init(
        _ error: StatementError,
        of function: FunctionDefinition,
        at place: FunctionProblem.Place?,
        in context: ToolContext
    ) {
        let message = error.description + (place.map { " (line \($0.line), column \($0.column))" } ?? "")
        switch error.kind {
        case .timeout:
            self.init(.timeout, "timeout", "it took longer than \(function.timeout) and was stopped")
        case .stuck, .busy: self.init(.timeout, error.kind == .stuck ? "stuck" : "busy", message)
        case .denied:
            self.init(.denied, error.sqlState ?? "denied", message)
            events = [
                SecurityEventRecord(
                    .deniedStatement,
                    tool: function.name,
                    detail: "\(error.message): \(function.source)".prefix(utf8: 1_000),
                    callID: context.callID.isEmpty ? nil : context.callID
                )
            ]
        case .cancelled:
            self.init(.killed, "cancelled", message)
            isCancelled = true
        case .refused: self.init(.denied, "refused", message)
        case .invalid, .failed: self.init(.error, error.sqlState ?? "failed", message)
        case .unreachable: self.init(.killed, "database_unavailable", message)
        }
    }
}
