import Store

extension Console {
    /// Repeats a step until the reader of the output is gone.
    ///
    /// A step that fails because the database is away is tried again when it is back; the first one is not, as the address
    /// may be wrong.
    ///
    /// - Parameters:
    ///   - waitsForDatabase: Whether a database that goes away is waited for.
    ///   - step: Prints what is new, and remembers how far that was. Returns how long to wait before the next one; nil when
    ///     there is none.
    /// - Throws: What the step throws.
    func follow(waitsForDatabase: Bool = true, _ step: () async throws -> Duration?) async throws {
        var hasBegun = false
        var isAway = false
        while output.isRead {
            var wait = Self.outageInterval
            do {
                guard let pause = try await step() else { return }
                if isAway { note("the database is back") }
                (hasBegun, isAway) = (true, false)
                wait = pause
            } catch let error as StoreError where waitsForDatabase && hasBegun && error.isTransient {
                if !isAway { note("the database is away and waited for: \(Printable.text(error.message))") }
                isAway = true
            }
            try await Task.sleep(for: wait)
        }
    }

    private static let outageInterval: Duration = .milliseconds(500)
}
