/// Waits until a condition holds.
///
/// - Parameters:
///   - what: What is waited for, for the error.
///   - limit: How long; the default is a time that only a hang takes.
///   - condition: Asked again every few milliseconds.
/// - Throws: ``WaitedTooLong``, or what the condition throws.
public func eventually(
    _ what: String,
    within limit: Duration = .seconds(60),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw WaitedTooLong(what: what) }
        // What is waited for needs the processor as well.
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Something did not happen in time.
public struct WaitedTooLong: Error {
    /// What was waited for.
    public let what: String
}
