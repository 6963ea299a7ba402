internal import Synchronization

/// Collects what tools do inside of their calls, to be stored with the turn; shared by the calls of a turn.
package final class CallRecorder: Sendable {
    private struct Records {
        var calls: [FunctionCallRecord] = []
        var events: [SecurityEventRecord] = []
    }

    private let records = Mutex(Records())

    /// An empty recorder.
    package init() {}

    /// Keeps a call.
    package func add(_ call: FunctionCallRecord) {
        records.withLock { $0.calls.append(call) }
    }

    /// Keeps a refusal.
    package func add(_ event: SecurityEventRecord) {
        records.withLock { $0.events.append(event) }
    }

    /// Takes out what was kept since the last time.
    package func drain() -> (calls: [FunctionCallRecord], events: [SecurityEventRecord]) {
        records.withLock { records in
            defer { records = Records() }
            return (records.calls, records.events)
        }
    }
}
