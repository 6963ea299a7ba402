package import Conversation
package import JSON
package import Sandbox
internal import Tools

/// What came of a call of a function.
package struct FunctionOutcome: Sendable {
    /// How it ended.
    package var exitReason: ExitReason
    /// The result, when it ended with one.
    package var result: JSONValue?
    /// The rows of a statement as the server wrote them: numbers in `result` are doubles, those here have all their digits.
    package var rows: String?
    /// The class of error.
    package var errorType: String?
    /// What went wrong.
    package var errorMessage: String?
    /// Where in the source it went wrong.
    package var traceback: String?
    /// What it printed.
    package var output = ""
    /// How long it took.
    package var duration: Duration = .zero
    /// Processor time; nil when it is not known.
    package var processorTime: Duration?
    /// The most memory that was resident, in bytes; nil when it is not known.
    package var peakMemoryBytes: Int?
    /// What it tried and may not do.
    package var violations: [SandboxViolation] = []
    /// What was refused outside of the sandbox.
    package var events: [SecurityEventRecord] = []
    /// Whether it was not run, or cut off, because the calling task was cancelled.
    package var isCancelled = false

    /// An outcome with a result.
    package init(result: JSONValue, rows: String? = nil) {
        exitReason = .ok
        self.result = result
        self.rows = rows
    }

    /// An outcome without one.
    package init(_ exitReason: ExitReason, _ errorType: String, _ errorMessage: String) {
        self.exitReason = exitReason
        self.errorType = errorType
        self.errorMessage = errorMessage
    }

    /// The result as a model reads it: text as it is, anything else as JSON.
    package var text: String {
        result.map { $0.stringValue ?? rows ?? $0.text } ?? ""
    }

    /// The class and what went wrong, on one line; nil when nothing did.
    package var failure: String? {
        guard exitReason != .ok else { return nil }
        return [errorType, errorMessage].compactMap { $0 }.joined(separator: ": ")
    }

    /// The same without the values of secrets.
    package mutating func scrub(_ secrets: [(name: String, value: String)]) {
        guard !secrets.isEmpty else { return }
        result = result?.scrubbed(of: secrets)
        errorType = errorType?.scrubbed(of: secrets)
        errorMessage = errorMessage?.scrubbed(of: secrets)
        traceback = traceback?.scrubbed(of: secrets)
        output = output.scrubbed(of: secrets)
        violations = violations.map {
            SandboxViolation($0.kind, detail: $0.detail.scrubbed(of: secrets), source: $0.source)
        }
    }

    /// The call as it is stored.
    package func record(of function: FunctionDefinition, arguments: JSONValue, callID: String?) -> FunctionCallRecord {
        FunctionCallRecord(
            function: function.name,
            versionID: function.versionID,
            language: function.language.rawValue,
            arguments: arguments.text,
            exitReason: exitReason.rawValue,
            result: result.map { rows ?? $0.text },
            errorType: errorType,
            errorMessage: errorMessage,
            traceback: traceback,
            output: output,
            duration: duration,
            processorTime: processorTime,
            peakMemoryBytes: peakMemoryBytes,
            violations: violations.map(\.record),
            callID: callID
        )
    }
}

extension String {
    /// The text with names in place of secrets' values.
    fileprivate func scrubbed(of secrets: [(name: String, value: String)]) -> String {
        secrets.reduce(self) { text, secret in
            text.utf8.count < secret.value.utf8.count
                ? text : text.replacing(secret.value, with: "[secret \(secret.name)]")
        }
    }
}

extension JSONValue {
    /// The value with names in place of secrets' values, in keys as well.
    fileprivate func scrubbed(of secrets: [(name: String, value: String)]) -> JSONValue {
        switch self {
        case .string(let text): .string(text.scrubbed(of: secrets))
        case .array(let items): .array(items.map { $0.scrubbed(of: secrets) })
        case .object(let members):
            .object(JSONObject(members.map { ($0.key.scrubbed(of: secrets), $0.value.scrubbed(of: secrets)) }))
        // A secret of digits alone can come back as a number.
        case .integer, .number:
            secrets.first { $0.value == text }.map { .string("[secret \($0.name)]") } ?? self
        case .null, .bool: self
        }
    }
}
