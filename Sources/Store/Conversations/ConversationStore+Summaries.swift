package import Conversation
internal import JSON
internal import Postgres

extension ConversationStore {
    private static let summary = PostgresStatement(
        """
        WITH asked AS (
            SELECT coalesce((SELECT s.taken_by FROM agentctl.submission AS s WHERE s.conversation_id = $1 AND s.seq = $2), $2) AS seq
        ), below AS (
            -- The open tasks of the tree that a turn is in which waits for its own.
            SELECT t.id, t.agent, c.state IN ('ready', 'running') AS is_running,
                   c.state = 'parked' OR c.state = 'waiting' AND c.awaited = 0 AS is_blocked
            FROM agentctl.conversation_control AS o
            LEFT JOIN agentctl.task AS own ON own.conversation_id = o.conversation_id AND own.seq = o.head_seq + 1
            JOIN agentctl.task AS t ON t.root_conversation_id = coalesce(own.root_conversation_id, o.conversation_id)
                AND t.root_seq = coalesce(own.root_seq, o.head_seq + 1) AND t.finished_at IS NULL
            JOIN agentctl.conversation_control AS c ON c.conversation_id = t.conversation_id
            WHERE o.conversation_id = $1 AND o.state = 'waiting' AND o.awaited > 0
        )
        SELECT t.seq, t.status::text AS status, t.agent, t.agent_version, t.limit_reached, t.error_code, t.error_message,
               t.input_tokens, t.cached_input_tokens, t.output_tokens, t.cost_usd::double precision AS cost_usd,
               t.duration_ms, t.model_calls, t.tool_calls, m.content
        FROM asked
        JOIN agentctl.turn AS t ON t.conversation_id = $1 AND t.seq = asked.seq
            AND t.started_at >= (SELECT agentctl.turn_lower_bound($1, asked.seq))
        LEFT JOIN agentctl.message AS m
            ON m.conversation_id = t.conversation_id AND m.number = t.last_message AND m.role = 'assistant'
        UNION ALL
        SELECT p.seq, 'waiting', p.agent, p.agent_version, NULL,
               CASE WHEN c.state = 'parked' THEN '\(WaitReason.inDoubt.errorCode)'
                   WHEN c.awaited > 0 THEN '\(WaitReason.tasks.errorCode)' ELSE '\(WaitReason.approval.errorCode)' END,
               CASE WHEN c.state = 'parked' THEN
                   'a call was cut off, and whether it took effect is not known: call ' || (
                       SELECT string_agg(format('%s (%s)', d.call, d.tool), ', ' ORDER BY d.call)
                       FROM agentctl.calls_in_doubt AS d
                       WHERE d.conversation_id = p.conversation_id AND d.seq = p.seq)
               WHEN c.awaited > 0 THEN
                   (SELECT 'tasks of this turn need an operator: ' || string_agg(format('%s (%s)', k.id, k.agent), ', ' ORDER BY k.id)
                    FROM below AS k WHERE k.is_blocked)
               ELSE
                   'needs approval: ' || (
                       SELECT string_agg(format('%s (approval %s)', a.subject, a.id), ', ' ORDER BY a.id)
                       FROM agentctl.pending_approvals AS a
                       WHERE a.conversation_id = p.conversation_id AND a.seq = p.seq)
               END,
               p.input_tokens, p.cached_input_tokens, p.output_tokens, p.cost_usd::double precision,
               p.duration_ms, p.model_calls, p.tool_calls, NULL
        FROM agentctl.turn_progress AS p
        JOIN agentctl.conversation_control AS c ON c.conversation_id = p.conversation_id AND c.state IN ('parked', 'waiting')
        WHERE p.conversation_id = $1 AND p.seq <= $2
          AND (c.awaited = 0 OR EXISTS (SELECT FROM below AS k WHERE k.is_blocked)
                            AND NOT EXISTS (SELECT FROM below AS k WHERE k.is_running))
        """
    )

    /// How a turn ended, or what it waits for.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - seq: The submission.
    /// - Returns: The summary; nil while the turn or its tasks run. A message that another turn took up has the summary of
    ///   that turn. Where the conversation waits at this turn or an earlier one, the summary of that turn has the status
    ///   waiting.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func summary(conversation: String, seq: Int64) async throws(StoreError) -> TurnSummary? {
        let rows = try await database.onShared(
            Self.summary,
            [.text(conversation), .integer(seq)]
        )
        return try rows.decoded { row throws(PostgresError) in
            let status = TurnRecord.Status(rawValue: try row.decode("status", as: String.self)) ?? .failed
            return TurnSummary(
                conversation: conversation,
                seq: try row.decode("seq"),
                status: status,
                agent: try row.decode("agent"),
                agentVersion: try row.decode("agent_version"),
                reply: status == .succeeded ? try row.decode("content", as: String?.self) ?? "" : nil,
                limitReached: try row.decode("limit_reached"),
                errorCode: try row.decode("error_code"),
                errorMessage: try row.decode("error_message"),
                usage: TokenUsage(
                    input: try row.decode("input_tokens"),
                    cachedInput: try row.decode("cached_input_tokens"),
                    output: try row.decode("output_tokens")
                ),
                cost: try row.decode("cost_usd"),
                duration: Duration(boundedSeconds: try row.decode("duration_ms", as: Double.self) / 1_000),
                modelCalls: try row.decode("model_calls"),
                toolCalls: try row.decode("tool_calls")
            )
        }.first
    }
}
