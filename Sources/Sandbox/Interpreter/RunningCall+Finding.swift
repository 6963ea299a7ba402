import Glibc
import JSON

extension RunningCall {
    /// The error for the caller if it was killed for a reason that is not the code's.
    var errorWhenKilled: SandboxError? {
        switch killed {
        case .cancelled: SandboxError(.cancelled, "the call was cancelled and killed", output: printed)
        case .shutDown: SandboxError(.shutdown, "the sandbox was shut down", output: printed)
        case .broken(let message): SandboxError(.broken, message, output: printed)
        case .timeout, .memory, .output, .disk, .denied, .nonsense, nil: nil
        }
    }

    /// Its outcome, when its worker is gone.
    ///
    /// - Parameter ending: How the worker ended, by the kernel.
    func finding(_ ending: Ending) -> Result<Finding, SandboxError> {
        if let errorWhenKilled { return .failure(errorWhenKilled) }
        let header = killed == nil ? answer.header : nil
        var outcome = PythonOutcome(
            .killed,
            output: printed,
            isOutputCut: isOutputCut,
            duration: (end ?? .now) - (start ?? .now),
            processorTime: ending.processorTime,
            peakMemoryBytes: ending.peakMemoryBytes
        )
        for violation in header?["violations"]?.arrayValue ?? [] {
            guard let kind = violation[0]?.stringValue.flatMap(SandboxViolation.Kind.init(rawValue:)),
                let detail = violation[1]?.stringValue
            else { continue }
            add(SandboxViolation(kind, detail: detail, source: .interpreter))
        }
        outcome.violations = violations
        if let header {
            take(header, into: &outcome)
        } else {
            outcome.exitReason = reasonWithoutAnswer(ending)
            if case .disk = killed { outcome.message = limits.diskMessage }
        }
        return .success(Finding(outcome: outcome, header: header, body: answer.body))
    }

    /// What was printed, no longer than the limit, also where bytes that are no UTF-8 become longer ones.
    private var printed: String {
        let text = String(decoding: output, as: UTF8.self)
        let limit = limits.outputBytes
        return text.utf8.count <= limit ? text : String(decoding: text.utf8.prefix(limit), as: UTF8.self)
    }

    private func reasonWithoutAnswer(_ ending: Ending) -> ExitReason {
        switch killed {
        case .timeout: .timeout
        case .memory: .memory
        case .output, .disk: .output
        case .denied: .denied
        default: ending.signal == SIGXCPU ? .timeout : answer.state == .refused ? .output : .killed
        }
    }

    private func take(_ header: JSONValue, into outcome: inout PythonOutcome) {
        let reason = header["reason"]?.stringValue.flatMap(ExitReason.init(rawValue:)) ?? .error
        outcome.failure = header["failure"].flatMap(PythonOutcome.Failure.init)
        switch reason {
        case .ok:
            outcome.exitReason = .ok
            guard case .run = request.action else { return }
            do {
                outcome.result = try JSONText(validating: String(decoding: answer.body, as: UTF8.self))
            } catch {
                outcome.exitReason = .error
                let message = "the result is no JSON document that is accepted: \(error)"
                outcome.failure = .init(type: "ResultError", message: message, traceback: "", line: nil)
            }
        case .memory, .output:
            outcome.exitReason = reason
        default:
            // Refused and failed: whatever it says of itself, there is something that was refused.
            outcome.exitReason = reason == .denied || !violations.isEmpty ? .denied : .error
        }
    }
}

extension PythonOutcome.Failure {
    init?(_ value: JSONValue) {
        guard let type = value["type"]?.stringValue, let message = value["message"]?.stringValue else { return nil }
        self.init(
            type: type,
            message: message,
            traceback: value["traceback"]?.stringValue ?? "",
            line: value["line"]?.integerValue.map { Int($0) }
        )
    }
}
