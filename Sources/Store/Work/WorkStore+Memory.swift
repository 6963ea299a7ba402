package import Conversation
internal import Definitions
package import JSON
internal import Postgres

extension WorkStore {
    /// What a turn is shown of what is remembered, and what the turns before it were shown.
    ///
    /// - Parameters:
    ///   - claim: The claim of the turn.
    ///   - agent: The agent that answers.
    ///   - settings: `collection`, `k`, `minimum_relevance` and `minimum_trust` of its memory.
    ///   - timeout: How long the statement may take; nil for no limit.
    package func memories(
        of claim: ClaimedSubmission,
        for agent: String,
        settings: JSONObject,
        timeout: Duration? = nil
    ) async throws(StoreError) -> TurnMemories {
        let rows = try await database.onShared(
            "SELECT agentctl.turn_memories($1, $2, $3, $4, $5, $6::jsonb, is_resumed => $7) AS memories",
            [
                .text(claim.conversation), .integer(claim.seq), .text(claim.content.withoutNullCharacters),
                .integer(claim.past.messages.first?.number ?? claim.lastMessage + 1), .text(agent),
                .json(JSONText(.object(settings))), .bool(claim.progress?.messages.isEmpty == false),
            ],
            timeout: timeout
        )
        let memories: JSONValue = try rows.scalar("memories")
        return TurnMemories(stored: memories)
    }

    /// Deletes memories that have expired.
    ///
    /// - Returns: How many; the next call finds more when it is a thousand.
    @discardableResult
    package func expireMemories() async throws(StoreError) -> Int64 {
        try await database.onLeased("SELECT agentctl.expire_memories() AS expired").scalar("expired")
    }

    /// Counts what the search of memories is fast by.
    package func countMemories() async throws(StoreError) {
        _ = try await database.onLeased("SELECT agentctl.count_memories()")
    }
}
