import Dispatch
import Glibc
import Synchronization

/// Reads lines of stdin without keeping a task's thread, such that the waiting for one can be cancelled.
///
/// A line that comes after its reader was cancelled is kept for the next one.
final class LineReader: Sendable {
    /// What came.
    enum Next: Sendable, Hashable {
        case line(String)
        /// A line that was left out, because it is longer than ``LineReader/maximumBytes``.
        case tooLong
        /// The waiting was interrupted.
        case interrupted
        /// There is nothing more.
        case end
    }

    /// The longest line: 1 MiB, as much as a message may have by default.
    static let maximumBytes = 1 << 20

    private struct State {
        var isReading = false
        var ready: Next?
        var waiter: CheckedContinuation<Next, any Error>?
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "lines")
    private let descriptor: Int32
    /// Used on the queue only.
    private let buffered = Mutex<[UInt8]>([])

    init(_ descriptor: Int32 = STDIN_FILENO) {
        self.descriptor = descriptor
    }

    /// The next line.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before it comes.
    func next() async throws -> Next {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let mustRead = state.withLock { state -> Bool in
                    if Task.isCancelled {
                        continuation.resume(throwing: CancellationError())
                        return false
                    }
                    if let ready = state.ready {
                        if ready != .end { state.ready = nil }
                        continuation.resume(returning: ready)
                        return false
                    }
                    state.waiter = continuation
                    defer { state.isReading = true }
                    return !state.isReading
                }
                if mustRead { queue.async { self.deliver(self.read()) } }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func deliver(_ next: Next) {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            state.isReading = false
            if state.waiter == nil || next == .end { state.ready = next }
            return state.waiter
        }
        waiter?.resume(returning: next)
    }

    /// Reads up to the end of a line, blocking.
    private func read() -> Next {
        buffered.withLock { buffer in
            var line: [UInt8] = []
            var isTooLong = false
            while true {
                if let end = buffer.firstIndex(of: 10) {
                    line += buffer[..<end]
                    buffer.removeSubrange(...end)
                    return isTooLong || line.count > Self.maximumBytes
                        ? .tooLong : .line(String(decoding: line, as: UTF8.self))
                }
                line += buffer
                buffer = []
                if line.count > Self.maximumBytes {
                    isTooLong = true
                    line = []
                }
                var chunk = [UInt8](repeating: 0, count: 4_096)
                let count = Glibc.read(descriptor, &chunk, chunk.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    return line.isEmpty ? .end : .line(String(decoding: line, as: UTF8.self))
                }
                buffer = Array(chunk[..<count])
            }
        }
    }
}
