package import Conversation
package import JSON
internal import Postgres

extension Store {
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
        return try scalar(
            try await query(statement, [.integer(approval), .optional(reason), .text(scope)]),
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
        try await report(
            """
            SELECT row_to_json(r) AS row FROM (
            SELECT a.id, a.conversation_id || '/' || a.seq AS turn, a.call_number AS call, a.agent, a.tool, a.subject,
                   a.arguments, a.rule,
                   CASE WHEN a.state = 'pending' AND (c.head_seq >= a.seq OR a.expires_at <= clock_timestamp())
                        THEN 'expired' ELSE a.state::text END AS state,
                   a.scope::text AS scope, a.reason, a.requested_at, a.expires_at, a.decided_at, a.decided_by
            FROM agentctl.approval AS a
            JOIN agentctl.conversation_control AS c ON c.conversation_id = a.conversation_id
            WHERE ($1::bigint IS NULL OR a.id = $1) AND ($2::text IS NULL OR a.conversation_id = $2)
              AND (NOT $3 OR a.state = 'pending' AND c.head_seq < a.seq AND a.expires_at > clock_timestamp())
            ORDER BY a.id DESC LIMIT $4) AS r
            """,
            [.optional(id), .optional(conversation), .bool(isPending), .integer(Int64(limit))]
        )
    }

    /// What somebody has decided about such calls for longer than once.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - agent: The agent that calls.
    ///   - subjects: What the calls are about.
    /// - Returns: For each of them the decision; nil if there is none.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func standingApprovals(
        conversation: String,
        agent: String,
        for subjects: [(tool: String, subject: String)]
    ) async throws(StoreError) -> [ToolCallApproval.State?] {
        let rows = try await read(
            """
            SELECT agentctl.standing_approval($1, $2, asked.tool, asked.subject)::text AS state
            FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS asked (tool, subject, number)
            ORDER BY asked.number
            """,
            [.text(conversation), .text(agent), .textArray(subjects.map(\.tool)), .textArray(subjects.map(\.subject))]
        )
        return try decode(rows) { row throws(PostgresError) in
            try row.decode("state", as: String?.self).flatMap(ToolCallApproval.State.init(rawValue:))
        }
    }
}
