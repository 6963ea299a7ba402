package import JSON
internal import Postgres

extension ConversationStore {
    /// Stops the turn that runs in a conversation, or that waits for a person.
    ///
    /// - Parameter conversation: The conversation's id.
    /// - Returns: The turn's number. It ends a moment later.
    /// - Throws: ``StoreError/Code/refused`` when no turn is running, ``StoreError/Code/notFound`` when the user has no
    ///   such conversation.
    package func interrupt(_ conversation: String) async throws(StoreError) -> Int64 {
        try await database.onLeased("SELECT agentctl.interrupt($1) AS seq", [.text(conversation)]).scalar("seq")
    }

    /// Cancels a message that waits for its turn.
    ///
    /// - Parameters:
    ///   - seq: The message's number.
    ///   - conversation: The conversation's id.
    /// - Returns: False when it was cancelled already.
    /// - Throws: ``StoreError/Code/refused`` when it has begun or ended, ``StoreError/Code/notFound`` when the user has no
    ///   such conversation or message.
    package func cancel(_ seq: Int64, of conversation: String) async throws(StoreError) -> Bool {
        let rows = try await database.onLeased(
            "SELECT agentctl.cancel_message($1, $2) AS is_new",
            [.text(conversation), .integer(seq)]
        )
        return try rows.scalar("is_new")
    }

    /// Sends a message into the turn that is in progress in a conversation.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - conversation: The conversation's id.
    ///   - idempotencyKey: The same key in a conversation is the same message.
    /// - Returns: The message's number. A turn that ends before it has taken it up leaves it to be answered next.
    /// - Throws: ``StoreError/Code/refused`` when no turn is in progress or the conversation is closed,
    ///   ``StoreError/Code/notFound`` when the user has no such conversation.
    package func steer(
        _ conversation: String,
        with message: String,
        idempotencyKey: String? = nil
    ) async throws(StoreError) -> Int64 {
        let rows = try await database.onLeased(
            "SELECT agentctl.steer($1, $2, $3) AS seq",
            [.text(conversation), .text(message), .optional(idempotencyKey)]
        )
        return try rows.scalar("seq")
    }

    /// Queues taking back the last turns.
    ///
    /// - Parameters:
    ///   - turns: How many, 1 to 10,000.
    ///   - conversation: The conversation's id.
    /// - Returns: The operation's number within the conversation.
    /// - Throws: ``StoreError/Code/refused`` when the conversation is closed, ``StoreError/Code/notFound`` when the user
    ///   has no such conversation.
    package func undo(_ turns: Int, of conversation: String) async throws(StoreError) -> Int64 {
        let rows = try await database.onLeased(
            "SELECT agentctl.undo($1, $2::integer) AS seq",
            [.text(conversation), .integer(Int64(turns))]
        )
        return try rows.scalar("seq")
    }

    /// Queues taking the last undo back.
    ///
    /// - Parameter conversation: The conversation's id.
    /// - Returns: The operation's number within the conversation.
    /// - Throws: As ``undo(_:of:)``.
    package func redo(_ conversation: String) async throws(StoreError) -> Int64 {
        try await database.onLeased("SELECT agentctl.redo($1) AS seq", [.text(conversation)]).scalar("seq")
    }

    /// Sends the message of the last turn again, which did not succeed.
    ///
    /// - Parameter conversation: The conversation's id.
    /// - Returns: The number of the new turn. Its messages take the place of the old ones, which are undone, unless the turn
    ///   had effects.
    /// - Throws: ``StoreError/Code/refused`` when that turn succeeded or something has not ended,
    ///   ``StoreError/Code/notFound`` when the user has no such conversation.
    package func retry(_ conversation: String) async throws(StoreError) -> Int64 {
        try await database.onLeased("SELECT agentctl.retry($1) AS seq", [.text(conversation)]).scalar("seq")
    }

    /// Queues having the oldest turns of a conversation summarized.
    ///
    /// - Returns: The operation's number within the conversation.
    /// - Throws: As ``undo(_:of:)``.
    package func compact(_ conversation: String) async throws(StoreError) -> Int64 {
        try await database.onLeased("SELECT agentctl.compact($1) AS seq", [.text(conversation)]).scalar("seq")
    }

    /// Queues taking the last compaction back.
    ///
    /// - Returns: The operation's number within the conversation.
    /// - Throws: As ``undo(_:of:)``.
    package func undoCompaction(of conversation: String) async throws(StoreError) -> Int64 {
        try await database.onLeased("SELECT agentctl.undo_compaction($1) AS seq", [.text(conversation)]).scalar("seq")
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
        let rows = try await database.onLeased(
            "SELECT agentctl.set($1, $2::jsonb) AS seq",
            [.text(conversation), .json(JSONText(.object(settings)))]
        )
        return try rows.scalar("seq")
    }

    /// Queues the end of a conversation: nothing more is accepted.
    ///
    /// - Returns: The operation's number within the conversation.
    /// - Throws: As ``undo(_:of:)``.
    package func close(_ conversation: String) async throws(StoreError) -> Int64 {
        try await database.onLeased("SELECT agentctl.shutdown($1) AS seq", [.text(conversation)]).scalar("seq")
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
        let rows = try await database.onLeased(
            "SELECT agentctl.fork($1, $2, $3, $4) AS messages",
            [.text(conversation), .text(new), .optional(message), .optional(agent)]
        )
        return try rows.scalar("messages")
    }
}
