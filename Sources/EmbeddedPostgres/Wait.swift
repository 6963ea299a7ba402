/// Waits for a condition in another process, which cannot notify us: polls until a limit.
struct Wait {
    let timeLimit: Duration
    /// What is waited for, to complete "waited 60 s for".
    let purpose: String

    init(_ timeLimit: Duration, _ purpose: String) {
        self.timeLimit = timeLimit
        self.purpose = purpose
    }

    /// Returns as soon as `condition` holds.
    ///
    /// - Throws: ``PostgresServerError/Code/timedOut``, ``PostgresServerError/Code/cancelled``, and what the condition throws.
    func until(_ condition: () throws(PostgresServerError) -> Bool) async throws(PostgresServerError) {
        let deadline = ContinuousClock.now.advanced(by: timeLimit)
        var pause = Duration.milliseconds(2)
        while try !condition() {
            guard ContinuousClock.now < deadline else {
                throw PostgresServerError(.timedOut, "waited \(timeLimit) for \(purpose)")
            }
            do {
                try await Task.sleep(for: pause)
            } catch {
                throw .cancelled
            }
            pause = min(pause * 2, .milliseconds(50))
        }
    }
}
