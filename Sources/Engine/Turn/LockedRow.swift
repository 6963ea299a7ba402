internal import Logging
import Store
internal import Synchronization

/// The row of a conversation that another session's open transaction may hold for as long as it likes.
///
/// A statement that waits for the row has one of the worker's few connections meanwhile. Once it was in vain, the row is
/// inspected without waiting before the next attempt.
final class LockedRow: Sendable {
    private struct State {
        /// Why the last attempt failed, when that was the lock.
        var refusal: StoreError?
        var looks = 0
    }

    private let store: WorkStore
    private let claim: ClaimedSubmission
    private let logger: Logger
    private let state = Mutex(State())

    init(_ claim: ClaimedSubmission, in store: WorkStore, logger: Logger) {
        self.store = store
        self.claim = claim
        self.logger = logger
    }

    /// Runs a statement that needs the row.
    ///
    /// - Parameter statement: Fails with ``StoreError/Code/unavailable`` when the row was not free in time.
    /// - Returns: What the statement returns.
    /// - Throws: What the statement throws; what it threw before when the row is still held.
    func attempt<Value>(_ statement: () async throws(StoreError) -> Value) async throws(StoreError) -> Value {
        if let refusal = await refusal() { throw refusal }
        do throws(StoreError) {
            return try await statement()
        } catch {
            let isFirst = state.withLock { state in
                defer { state.refusal = error.isLock ? error : nil }
                return error.isLock && state.looks == 0 && state.refusal == nil
            }
            if isFirst { await report() }
            throw error
        }
    }

    /// Why there is no use in an attempt now; nil to make one.
    ///
    /// Where the row cannot be inspected the statement is attempted, and its failure says why.
    ///
    /// A conversation that many submit to may have its row locked at every inspection, and only a waiting statement gets
    /// it. So the statement is attempted nevertheless after 1, 2, 4, 8 and each 16 inspections.
    private func refusal() async -> StoreError? {
        let (refusal, looks) = state.withLock { state in
            if state.refusal != nil { state.looks += 1 }
            return (state.refusal, state.looks)
        }
        guard let refusal, looks & (looks - 1) != 0, !looks.isMultiple(of: 16) else { return nil }
        return (try? await store.isLocked(claim.conversation)) == true ? refusal : nil
    }

    private func report() async {
        let holder = try? await store.lockHolder(of: claim.conversation)
        logger.warning(
            "a turn waits to be stored: its conversation is locked",
            metadata: claim.metadata().merging(["by": "\(holder ?? "another transaction")"]) { $1 }
        )
    }
}

extension StoreError {
    /// Whether a lock was not granted in time.
    var isLock: Bool { sqlState == "55P03" }
}
