import ArgumentParser

/// How long a command waits for a turn.
enum SendTimeout {
    static let help = ArgumentHelp(
        "How long to wait for the turn: 30s, 5m. Then a worker continues; a turn that runs here is interrupted.",
        valueName: "time"
    )

    /// Runs work for so long.
    ///
    /// - Parameters:
    ///   - limit: How long; nil for as long as it takes.
    ///   - isCutOff: Whether what the work returned is what it returns when it is cancelled.
    ///   - work: Ends soon after it was cancelled.
    /// - Returns: What the work returned, after it was cancelled as well, unless it was cut off by the limit.
    /// - Throws: What the work throws; ``CommandFailure`` with ``ExitStatus/waiting`` when it was cancelled as it took too
    ///   long, and was cut off or threw.
    static func run<T: Sendable>(
        _ limit: Duration?,
        isCutOff: @escaping @Sendable (T) -> Bool,
        _ work: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        guard let limit else { return try await work() }
        return try await withThrowingTaskGroup(of: T?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                // Also when the whole is cancelled: what the work then returns counts.
                try? await Task.sleep(for: limit)
                return nil
            }
            guard let first = try await group.next() else { throw CancellationError() }
            group.cancelAll()
            if let first { return first }
            do {
                if let late = try await group.next() ?? nil, Task.isCancelled || !isCutOff(late) { return late }
                throw CancellationError()
            } catch {
                if Task.isCancelled { throw error }
                let message = "the turn has not ended in time; a worker that has it continues, here it was interrupted"
                throw CommandFailure(.waiting, code: "timeout", message)
            }
        }
    }
}
