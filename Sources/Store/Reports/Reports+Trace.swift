package import JSON
internal import Postgres

extension Reports {
    /// The outcome of a submission: of a message the turn with its `steps`, and each step with its `calls`; of an operation
    /// its `result`, the event that it led to.
    ///
    /// `routing` says why its agent got the message, and is null where the agent was named or the conversation's. `tasks` are
    /// those that it delegated, and `parent` is the turn that delegated it as a `task`. `open_calls` are those of a round that
    /// has not ended. `waits_for` has the `approvals` and the calls `in_doubt` that an operator has to decide, and how many
    /// `tasks` have not ended. `taken_by` is the turn that took a message up, `undone_by` the operation that took its messages
    /// or its summary out of what the model is shown, `superseded_by` what made a newer summary, `behind` what comes before it.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - seq: The submission within it; nil for the turn that waits for an operator or for tasks, else the last that
    ///     ended, or, while none has, the last that was submitted.
    /// - Returns: The report; nil when there is no such submission. Its `status` is that of the turn; `taken_up` for a message
    ///   that another turn took up; `done`, `refused` or `failed` for an operation; `running`, `waiting`, `parked` or
    ///   `queued` for what has not ended; `pruned` when what it did is no longer stored.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func traceReport(conversation: String, seq: Int64?) async throws(StoreError) -> JSONObject? {
        try await Self.ifReadable { () throws(StoreError) in
            try await database.objects(
                "SELECT r AS row FROM agentctl.trace_turn($1, $2) AS r WHERE r IS NOT NULL",
                [.text(conversation), .optional(seq)]
            ).first
        }
    }

    /// Nil for what the user may not read, which is to the user as if it did not exist.
    static func ifReadable(
        _ report: () async throws(StoreError) -> JSONObject?
    ) async throws(StoreError) -> JSONObject? {
        do throws(StoreError) {
            return try await report()
        } catch  where error.code == .notFound {
            return nil
        }
    }
}
