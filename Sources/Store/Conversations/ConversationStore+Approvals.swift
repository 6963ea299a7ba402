package import JSON
internal import Postgres

extension ConversationStore {
    /// Decides about a tool call that waits.
    ///
    /// - Parameters:
    ///   - approval: The approval's id.
    ///   - approves: Whether it may run.
    ///   - reason: Told to the model when it may not.
    ///   - scope: `once`, `conversation` or `always`.
    /// - Returns: Whether the turn goes on, as nothing else of it waits.
    /// - Throws: ``StoreError/Code/refused`` when it was decided or has expired, ``StoreError/Code/notFound`` when there
    ///   is no such approval, ``StoreError/Code/notPermitted`` for a scope that the user may not give.
    package func decide(
        _ approval: Int64,
        approves: Bool,
        reason: String? = nil,
        scope: String = "once"
    ) async throws(StoreError) -> Bool {
        let statement: PostgresStatement =
            approves
            ? "SELECT agentctl.approve($1, $2, $3) AS goes_on" : "SELECT agentctl.deny($1, $2, $3) AS goes_on"
        return try await database.onLeased(statement, [.integer(approval), .optional(reason), .text(scope)]).scalar(
            "goes_on"
        )
    }

    /// Tool calls that wait, or waited, for a person.
    ///
    /// - Parameters:
    ///   - id: Only this one; nil for any.
    ///   - conversation: Only those of a conversation; nil for any.
    ///   - isPending: Whether only those that still wait.
    ///   - limit: How many at most, the latest.
    /// - Returns: One object each, the latest first.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func approvals(
        id: Int64? = nil,
        conversation: String? = nil,
        isPending: Bool,
        limit: Int
    ) async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            "SELECT r AS row FROM agentctl.list_approvals($1::integer, $2, $3, $4) AS r",
            [.integer(Int64(limit)), .bool(isPending), .optional(conversation), .optional(id)]
        )
    }

    /// Says what became of a tool call that is in doubt.
    ///
    /// - Parameters:
    ///   - call: The call's number within the turn.
    ///   - conversation: The conversation's id.
    ///   - seq: The turn.
    ///   - outcome: `happened`, `did_not_happen` or `run_again`.
    ///   - result: The result that the model receives; nil for a sentence that states the outcome only.
    /// - Returns: The number of calls of the turn that are still in doubt; the turn resumes at 0.
    /// - Throws: ``StoreError/Code/refused`` when the call does not wait, ``StoreError/Code/notFound`` when there is no
    ///   such conversation.
    package func resolveToolCall(
        _ call: Int,
        of conversation: String,
        seq: Int64,
        outcome: String,
        result: String?
    ) async throws(StoreError) -> Int64 {
        let rows = try await database.onLeased(
            "SELECT agentctl.resolve_tool_call($1, $2, $3::integer, $4, $5)::bigint AS remaining",
            [
                .text(conversation), .integer(seq), .integer(Int64(call)), .text(outcome), .optional(result),
            ]
        )
        return try rows.scalar("remaining")
    }

    /// The calls of a turn that are in doubt, as far as the user may see them.
    package func callsInDoubt(of conversation: String, seq: Int64) async throws(StoreError) -> [CallInDoubt] {
        let rows = try await database.onShared(
            """
            SELECT d.call, d.tool, d.waits FROM agentctl.calls_in_doubt AS d
            WHERE d.conversation_id IN ($1, agentctl.account_name() || '/' || $1) AND d.seq = $2 ORDER BY d.call
            """,
            [.text(conversation), .integer(seq)]
        )
        return try rows.decoded { row throws(PostgresError) in
            CallInDoubt(
                call: try Int(row.decode("call", as: Int64.self)),
                tool: try row.decode("tool"),
                waits: try row.decode("waits")
            )
        }
    }
}
