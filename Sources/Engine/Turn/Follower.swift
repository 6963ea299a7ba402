import Conversation
import Store

/// Follows a turn that another process works on, by polling what it stores.
struct Follower: Sendable {
    package let store: ConversationStore

    private static let interval: Duration = .milliseconds(50)
    /// Polls without news after which the caller checks whether any worker has the turn at all.
    private static let pollsUntilDoubt = 40

    /// Follows until the turn ends.
    ///
    /// - Parameters:
    ///   - conversation: The conversation.
    ///   - seq: The submission.
    ///   - lastEvent: The last event before it.
    ///   - emit: Receives what happens.
    /// - Returns: How it ended; nil when nothing has moved for two seconds and no worker seems to have it.
    /// - Throws: ``StoreError``; ``StoreError/Code/cancelled`` when the task is cancelled.
    package func follow(
        conversation: String,
        seq: Int64,
        lastEvent: Int64,
        emit: @Sendable (TurnEvent) -> Void
    ) async throws(StoreError) -> TurnSummary? {
        var turn = FollowedTurn(after: lastEvent)
        var quiet = 0
        while true {
            if Task.isCancelled { throw StoreError(.cancelled, "no longer following; the worker goes on") }
            let events = try await store.follow(conversation: conversation, seq: seq, after: turn.position)
            for event in events { turn.take(event, emit) }
            if events.contains(where: { $0.isDurable }),
                let summary = try await store.summary(conversation: conversation, seq: seq)
            {
                turn.tellRest(of: summary, emit)
                return summary
            }
            quiet = events.isEmpty ? quiet + 1 : 0
            if quiet >= Self.pollsUntilDoubt {
                quiet = 0
                if let summary = try await store.summary(conversation: conversation, seq: seq) {
                    turn.tellRest(of: summary, emit)
                    return summary
                }
                if try await !store.hasService() { return nil }
            }
            try? await Task.sleep(for: Self.interval)
        }
    }
}
