/// Waiting for something to become true.
enum Condition {
    struct NeverTrue: Error {}

    /// Looks again and again until `condition` holds.
    ///
    /// - Throws: ``NeverTrue`` after half a minute.
    static func wait(_ condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while !condition() {
            guard ContinuousClock.now < deadline else { throw NeverTrue() }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
