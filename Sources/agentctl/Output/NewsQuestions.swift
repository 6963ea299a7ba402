import Synchronization

/// Asks for news one question at a time: they would pile up while the database or the reader of the output is slow.
final class NewsQuestions: Sendable {
    private let isAsked = Mutex(false)

    /// Whether a question may be asked now; it then counts as asked.
    func mayAsk() -> Bool {
        isAsked.withLock { asked in
            defer { asked = true }
            return !asked
        }
    }

    /// The question that was asked is answered.
    func answered() {
        isAsked.withLock { $0 = false }
    }
}
