internal import Synchronization

/// The first piece of an answer, and how long it is waited for.
final class FirstToken: Sendable {
    private let hasCome = Mutex(false)

    private enum Happening<Value: Sendable>: Sendable {
        case end(Result<Value, ModelError>)
        case timePassed
    }

    /// Says that it has come.
    func note() {
        hasCome.withLock { $0 = true }
    }

    /// Reads an answer to its end, unless its first piece takes too long.
    ///
    /// - Parameters:
    ///   - limit: How long it may take.
    ///   - clock: Measures the time.
    ///   - read: Reads the answer, and calls ``note()``.
    /// - Returns: What was read.
    /// - Throws: ``ModelError/Code/timeout`` when the piece did not come; what `read` throws.
    func awaited<Value: Sendable>(
        for limit: Duration,
        by clock: any Clock<Duration>,
        _ read: @escaping @Sendable () async throws(ModelError) -> Value
    ) async throws(ModelError) -> Value {
        let result = await withTaskGroup(of: Happening<Value>.self) { group in
            group.addTask {
                do throws(ModelError) { return .end(.success(try await read())) } catch { return .end(.failure(error)) }
            }
            group.addTask {
                try? await clock.sleep(for: limit)
                return .timePassed
            }
            // What is left is cancelled, and the group waits for its end.
            defer { group.cancelAll() }
            for await happening in group {
                switch happening {
                case .end(let result): return result
                // A caller that has gone hears that from the reading.
                case .timePassed where Task.isCancelled || hasCome.withLock { $0 }: break
                case .timePassed: return .failure(Self.late(after: limit))
                }
            }
            return .failure(ModelError(.cancelled, "the call was cancelled"))
        }
        return try result.get()
    }

    private static func late(after limit: Duration) -> ModelError {
        let seconds = Double(limit.components.seconds) + Double(limit.components.attoseconds) / 1e18
        return ModelError(.timeout, "nothing of an answer came within \(seconds) s, the first-token timeout")
    }
}
