internal import Reactor
import Store

/// How long storing something may hold up a task that was cancelled.
private let longestFarewell: Duration = .seconds(5)

/// Stores something, and tries again for as long as the database is away.
///
/// What was done must be known, also when the turn is stopped: after cancellation it is tried for five seconds more.
///
/// - Parameters:
///   - patience: How long a database that is away is waited for; nil until the task is cancelled.
///   - note: Receives each failure that another attempt follows.
///   - attempt: Stores it. Its argument is how long the statement may take; nil for no limit, when there is no hurry.
/// - Returns: What `attempt` returns.
/// - Throws: ``StoreError`` when it was not stored, or that is not known.
func storing<Value: Sendable>(
    for patience: Duration? = nil,
    noting note: @escaping @Sendable (StoreError) -> Void,
    _ attempt: @escaping @Sendable (_ timeout: Duration?) async throws(StoreError) -> Value
) async throws(StoreError) -> Value {
    do throws(StoreError) {
        if !Task.isCancelled {
            return try await retrying(.database, for: patience, while: \.isTransient, noting: note) {
                () throws(StoreError) in try await attempt(patience.map { _ in longestFarewell })
            }
        }
    } catch {
        guard Task.isCancelled else { throw error }
    }
    return try await uncancelled {
        do throws(StoreError) {
            let value = try await retrying(.database, for: longestFarewell, while: \.isTransient, noting: note) {
                () throws(StoreError) in try await attempt(longestFarewell)
            }
            return Result<Value, StoreError>.success(value)
        } catch {
            return .failure(error)
        }
    }.get()
}
