package import JSON
internal import Postgres

extension ConversationStore {
    /// Runs a chain again from a visit of a node, in a new conversation.
    ///
    /// - Parameters:
    ///   - conversation: The conversation of the run.
    ///   - seq: The submission of the run.
    ///   - node: The node.
    ///   - visit: Its visit, from 1; nil for the last.
    ///   - changes: What that visit sees instead, by key of the state.
    ///   - id: The new conversation; nil for an id that is free.
    /// - Returns: `{conversation, seq, copied, effects: [{turn, call, tool, state}]}`.
    /// - Throws: ``StoreError/Code/notFound`` for no such run or visit; ``StoreError/Code/refused`` when it has not ended;
    ///   ``StoreError/Code/invalid`` for state that the chain does not have.
    package func rerunChain(
        _ conversation: String,
        _ seq: Int64,
        from node: String,
        visit: Int?,
        changes: JSONObject,
        as id: String?
    ) async throws(StoreError) -> JSONValue {
        let rows = try await database.onLeased(
            "SELECT agentctl.rerun_chain($1, $2, $3, $4::integer, $5::jsonb, $6) AS rerun",
            [
                .text(conversation), .integer(seq), .text(node), .optional(visit.map { Int64($0) }),
                .json(JSONText(.object(changes))), .optional(id),
            ]
        )
        return try rows.scalar("rerun")
    }
}
