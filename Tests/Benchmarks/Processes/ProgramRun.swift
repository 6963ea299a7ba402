import Glibc

/// One run of a program from its start to its end.
struct ProgramRun: Sendable {
    /// From the start to the first byte on standard output; to the end, if there was none.
    let firstOutput: Duration
    /// From the start to the end.
    let total: Duration
    /// What it printed.
    let output: String
    /// CPU time in seconds.
    let processorTime: Double

    /// Runs a program to its end.
    ///
    /// - Throws: ``BenchmarkError`` when it cannot be started or does not succeed.
    static func of(
        _ path: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        errors: ChildProcess.ErrorOutput = .inherited
    ) async throws -> ProgramRun {
        try await offThePool {
            let process = try ChildProcess(path, arguments, environment: environment, errors: errors)
            let first = process.read()
            let firstOutput = process.started.duration(to: .now)
            let output = first + (first.isEmpty ? [] : process.readToEnd())
            let exit = process.waitForExit()
            let total = process.started.duration(to: .now)
            guard exit.status == 0 else {
                throw BenchmarkError("\(path) \(arguments.joined(separator: " ")) ended with \(exit.status)")
            }
            return ProgramRun(
                firstOutput: firstOutput,
                total: total,
                output: String(decoding: output, as: UTF8.self),
                processorTime: exit.processorTime
            )
        }
    }
}
