import Definitions
internal import Sandbox

/// Puts what was printed and how a run ended into the text that a model reads.
struct CodeOutput {
    /// The most bytes of text.
    package let limit: Int

    /// What a run printed, and notes about how it ended, within the limit.
    ///
    /// The notes come last and are kept whole; of the output, the beginning and the end.
    ///
    /// - Parameters:
    ///   - output: What was printed.
    ///   - notes: What comes after it.
    package func text(_ output: String, notes: [String]) -> (text: String, isCut: Bool) {
        let ending = notes.joined(separator: "\n").prefix(utf8: limit / 2)
        let room = limit - ending.utf8.count - 1
        let printed = excerpt(output, bytes: room)
        let separator = printed.text.isEmpty || printed.text.hasSuffix("\n") || ending.isEmpty ? "" : "\n"
        return (printed.text + separator + ending, printed.isCut || ending.utf8.count == limit / 2)
    }

    /// The beginning and the end of a text: what comes first explains, what comes last decides.
    private func excerpt(_ text: String, bytes: Int) -> (text: String, isCut: Bool) {
        let total = text.utf8.count
        guard total > bytes else { return (text, false) }
        let noteBytes = 64
        let head = text.prefix(utf8: max(0, bytes - noteBytes) / 3)
        let tail = text.suffix(utf8: max(0, bytes - noteBytes - head.utf8.count))
        let hidden = total - head.utf8.count - tail.utf8.count
        return ("\(head)\n[… \(hidden) of \(total) bytes are not shown …]\n\(tail)", true)
    }

    /// Why a run was killed, or nil if it was not.
    ///
    /// - Parameter message: What it was killed for, where the reason alone does not say it.
    package static func reason(_ reason: ExitReason, limits: SandboxLimits, message: String? = nil) -> String? {
        if reason == .output, let message { return "Killed: \(message)." }
        return switch reason {
        case .ok, .error, .denied: nil
        case .timeout: "Killed: it took longer than \(limits.timeout.seconds)."
        case .memory: "Killed: it needed more than \(limits.memoryBytes >> 20) MB of memory."
        case .output: "Killed: it printed or returned more than \(limits.outputBytes) bytes."
        case .killed: "Killed: the process ended without an answer."
        }
    }
}
