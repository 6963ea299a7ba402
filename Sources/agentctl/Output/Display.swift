import Dispatch

/// Shows on the console what happens, as it happens.
protocol Display: Sendable {}

extension Display {
    /// Writes on a thread that may wait: the reader of our output may be slow, and must not keep tasks from running.
    ///
    /// - Parameter write: Writes, and notes what was written.
    mutating func show(_ write: @escaping @Sendable (inout Self) -> Void) async {
        let before = self
        self = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var after = before
                write(&after)
                continuation.resume(returning: after)
            }
        }
    }
}
