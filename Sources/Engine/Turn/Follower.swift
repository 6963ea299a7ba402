import Conversation
import Store

/// Follows a turn that another process works on, by polling what it stores.
struct Follower: Sendable {
    package let store: ConversationStore

    private static let shortestInterval: Duration = .milliseconds(20)
    private static let longestInterval: Duration = .milliseconds(250)
    /// The time without news after which the caller checks whether any worker has the turn at all.
    private static let timeUntilDoubt: Duration = .seconds(2)

    /// The time between two polls: an eighth of the time without news, 20 to 250 ms.
    ///
    /// So a short answer is seen soon, and a long one costs few polls.
    ///
    /// - Parameter quiet: How long nothing has come.
    static func interval(after quiet: Duration) -> Duration {
        min(max(quiet / 8, shortestInterval), longestInterval)
    }

    /// Follows until the turn ends.
    ///
    /// - Parameters:
    ///   - conversation: The conversation.
    ///   - seq: The submission.
    ///   - turn: What was seen of it before; brought up to date.
    ///   - emit: Receives what happens.
    /// - Returns: How it ended; nil when nothing has moved for two seconds and no worker seems to have it.
    /// - Throws: ``StoreError``; ``StoreError/Code/cancelled`` when the task is cancelled.
    func follow(
        conversation: String,
        seq: Int64,
        _ turn: inout FollowedTurn,
        emit: @Sendable (TurnEvent) -> Void
    ) async throws(StoreError) -> TurnSummary? {
        func end() async throws(StoreError) -> TurnSummary? {
            try await patiently { () throws(StoreError) in try await store.summary(conversation: conversation, seq: seq)
            }
        }
        var lastNews = ContinuousClock.now
        var lastDoubt = lastNews
        while true {
            if Task.isCancelled { throw StoreError(.cancelled, "no longer following; the worker goes on") }
            let events = try await patiently { () throws(StoreError) in
                try await store.follow(conversation: conversation, seq: seq, after: turn.position)
            }
            for event in events { turn.take(event, emit) }
            if events.contains(where: { $0.isDurable }), let summary = try await end() {
                turn.tellRest(of: summary, emit)
                return summary
            }
            let now = ContinuousClock.now
            if !events.isEmpty { (lastNews, lastDoubt) = (now, now) }
            if lastDoubt.duration(to: now) >= Self.timeUntilDoubt {
                lastDoubt = now
                if let summary = try await end() {
                    turn.tellRest(of: summary, emit)
                    return summary
                }
                if try await patiently({ () throws(StoreError) in try await !store.hasService(for: conversation) }) {
                    return nil
                }
            }
            try? await Task.sleep(for: Self.interval(after: lastNews.duration(to: now)))
        }
    }
}
