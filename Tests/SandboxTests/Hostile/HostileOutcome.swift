import JSON
import Sandbox

/// What came of a hostile call, whichever kind and whoever ran it.
struct HostileOutcome: Sendable {
    let exitReason: ExitReason
    let result: String?
    let failure: String
    let output: String
    let peakMemoryBytes: Int
    let violations: [SandboxViolation]

    init(_ outcome: PythonOutcome) {
        exitReason = outcome.exitReason
        result = outcome.result?.string
        failure = outcome.failure.map { "\($0.type): \($0.message)\n\($0.traceback)" } ?? ""
        output = outcome.output
        peakMemoryBytes = outcome.peakMemoryBytes
        violations = outcome.violations
    }

    init(_ outcome: ShellOutcome) {
        exitReason = outcome.exitReason
        result = nil
        failure = ""
        output = outcome.output
        peakMemoryBytes = outcome.peakMemoryBytes
        violations = []
    }

    /// All that the caller gets to see.
    var text: String {
        [result ?? "", failure, output, violations.map(\.detail).joined(separator: "\n")].joined(separator: "\n")
    }

    /// The outcome on a few lines, for whoever reads a failed test.
    var summary: String {
        let parts = [exitReason.rawValue, result ?? "-", failure, output].map { String($0.prefix(1_500)) }
        return parts.joined(separator: " | ") + " | \(violations.map(\.detail))"
    }

    /// What is wrong with it, for a step that says how it must fail.
    func complaints(about step: HostileStep) -> [String] {
        var complaints: [String] = []
        if !step.ends.contains(exitReason) { complaints.append("ended with \(exitReason.rawValue)") }
        if let answers = step.answers, exitReason == .ok { complaints += mismatches(with: answers) }
        complaints += step.says.filter { !(failure + "\n" + output).contains($0) }.map { "does not say \"\($0)\"" }
        let recorded = violations.filter { $0.kind == .systemCall && $0.source == .kernel }.map(\.detail)
        complaints += step.records.filter { !recorded.contains($0) }.map { "\($0) is not recorded" }
        if step.answers == nil, text.contains("BREACH") { complaints.append("a breach") }
        // A byte that is no text becomes a character of three.
        if output.utf8.count > 3 * step.limits.outputBytes { complaints.append("\(output.utf8.count) bytes of output") }
        if failure.utf8.count > 1 << 17 { complaints.append("\(failure.utf8.count) bytes of failure") }
        if violations.count > 1_000 { complaints.append("\(violations.count) violations") }
        if recorded.contains("forged_call") { complaints.append("a forged violation") }
        if peakMemoryBytes > step.limits.memoryBytes + Self.interpreterBytes {
            complaints.append("\(peakMemoryBytes >> 20) MB resident")
        }
        return complaints
    }

    /// What an interpreter with its library has resident, generously.
    private static let interpreterBytes = 96 << 20

    private func mismatches(with answers: [String: String]) -> [String] {
        guard let result, let members = try? JSONValue(parsing: result).objectValue else {
            return ["the result is not an object: \(result ?? "nothing")"]
        }
        let found = members.map { ($0.key, $0.value.stringValue ?? JSONText($0.value).string) }
        var mismatches = Set(answers.keys).subtracting(found.map(\.0)).map { "\($0) was not tried" }
        for (name, answer) in found {
            let expected = answers[name]?.split(separator: "|").map(String.init) ?? []
            if expected != ["*"], !expected.contains(answer) {
                mismatches.append("\(name): \(answer), not \(expected)")
            }
        }
        return mismatches
    }
}
