package import Conversation
package import JSON
internal import Postgres

extension Store {
    /// Queues taking back the last turns.
    ///
    /// - Parameters:
    ///   - turns: How many, 1 to 10,000.
    ///   - conversation: The conversation's id.
    /// - Returns: The operation's number within the conversation.
    /// - Throws: ``StoreError/Code/refused`` when the conversation is closed, ``StoreError/Code/notFound`` when the user
    ///   has no such conversation.
    package func undo(_ turns: Int, of conversation: String) async throws(StoreError) -> Int64 {
        let rows = try await query(
            "SELECT agentctl.undo($1, $2::integer) AS seq",
            [.text(conversation), .integer(Int64(turns))]
        )
        return try scalar(rows, "seq")
    }

    /// Queues the end of a conversation: nothing more is accepted.
    ///
    /// - Returns: The operation's number within the conversation.
    /// - Throws: As ``undo(_:of:)``.
    package func close(_ conversation: String) async throws(StoreError) -> Int64 {
        try scalar(try await query("SELECT agentctl.shutdown($1) AS seq", [.text(conversation)]), "seq")
    }

    /// Queues a change of the agent, the model or limits, for what is submitted after it.
    ///
    /// - Parameters:
    ///   - settings: `{"agent": name, "model": name}` and numbers by their names in an agent's document; null goes back to
    ///     the agent's own.
    ///   - conversation: The conversation's id.
    /// - Returns: The operation's number within the conversation.
    /// - Throws: As ``undo(_:of:)``; ``StoreError/Code/notFound`` also when there is no such agent or model,
    ///   ``StoreError/Code/invalid`` when it is no setting or no value for it.
    package func set(_ settings: JSONObject, of conversation: String) async throws(StoreError) -> Int64 {
        let rows = try await query(
            "SELECT agentctl.set($1, $2::jsonb) AS seq",
            [.text(conversation), .json(JSONText(.object(settings)))]
        )
        return try scalar(rows, "seq")
    }

    /// Makes a conversation that goes on from a message of another.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - new: The id of the new one.
    ///   - message: The number of the last message that it has; nil for all.
    ///   - agent: Its agent; nil for the same.
    /// - Returns: How many messages it has.
    /// - Throws: ``StoreError/Code/refused`` when the new id is taken, ``StoreError/Code/notFound`` when there is no such
    ///   conversation, message or agent.
    package func fork(
        _ conversation: String,
        to new: String,
        message: Int64?,
        agent: String?
    ) async throws(StoreError) -> Int64 {
        let rows = try await query(
            "SELECT agentctl.fork($1, $2, $3, $4) AS messages",
            [.text(conversation), .text(new), .optional(message), .optional(agent)]
        )
        return try scalar(rows, "messages")
    }

    /// Carries out a claimed operation that is not a message.
    ///
    /// - Returns: Whether the lease still held; if not, nothing was done.
    /// - Throws: ``StoreError``; ``StoreError/Code/unavailable`` when the conversation's row is locked: call again.
    package func apply(_ claim: ClaimedSubmission) async throws(StoreError) -> Bool {
        let rows = try await query(
            "SELECT agentctl.apply_operation($1, $2, $3) AS applied",
            [.text(claim.conversation), .integer(claim.seq), .uuid(claim.lease)]
        )
        return try scalar(rows, "applied")
    }

    /// The events of an operation.
    ///
    /// - Returns: The events; nil while it has not been carried out.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func eventsOfOperation(_ seq: Int64, of conversation: String) async throws(StoreError)
        -> [ConversationEvent]?
    {
        let rows = try await read(
            """
            SELECT c.head_seq >= $2 AS done, c.last_event FROM agentctl.conversation_control AS c
            WHERE c.conversation_id = $1
            """,
            [.text(conversation), .integer(seq)]
        )
        let found = try decode(rows) { row throws(PostgresError) in
            (try row.decode("done", as: Bool.self), try row.decode("last_event", as: Int64.self))
        }.first
        guard let (isDone, last) = found, isDone else { return nil }
        // It is among the last, unless much has happened since.
        let recent = try await events(of: conversation, after: max(0, last - 1_000))
        return recent.filter { $0.seq == seq }
    }
}
