/// Conversations that have ended, each with a message, its turn and what belongs to it; one in fifty is of a client.
enum ManyConversations {
    /// The client, who can log in.
    static let client = "benchmark_client"

    /// Makes a procedure that fills an empty database, set by set: rows that nobody waits for need no rules checked.
    static let script = """
        CREATE SCHEMA many;
        CREATE PROCEDURE many.fill(conversations integer) LANGUAGE plpgsql AS $$
        BEGIN
            SET LOCAL session_replication_role = replica;
            CREATE TEMPORARY TABLE one ON COMMIT DROP AS
            SELECT 'c' || n AS id, CASE n % 50 WHEN 0 THEN '\(client)' ELSE 'somebody' END AS who,
                   now() - make_interval(secs => conversations - n) AS at, n
            FROM generate_series(1, conversations) AS n;
            INSERT INTO agentctl.conversation (id, agent, created_by, created_at)
            SELECT id, 'assistant', who, at FROM one;
            INSERT INTO agentctl.conversation_control (conversation_id, head_seq, tail_seq, last_message, last_event)
            SELECT id, 1, 1, 2, 3 FROM one;
            INSERT INTO agentctl.submission (conversation_id, seq, body, created_by, created_at)
            SELECT id, 1, '{"message": "x"}', who, at FROM one;
            INSERT INTO agentctl.message (conversation_id, number, seq, role, content, created_at)
            SELECT id, m, 1, (ARRAY['user', 'assistant'])[m]::agentctl.message_role, 'x', at
            FROM one, generate_series(1, 2) AS m;
            INSERT INTO agentctl.turn (conversation_id, seq, status, attempt, worker_id, agent, first_message,
                last_message, model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd,
                submitted_at, started_at, finished_at, duration_ms)
            SELECT id, 1, 'succeeded', 1, 1, 'assistant', 1, 2, 1, 0, 1, 0, 1, 0, at, at, at, 1 FROM one;
            INSERT INTO agentctl.event (conversation_id, number, seq, type, data, at)
            SELECT id, e, 1, (ARRAY['turn_started', 'message', 'turn_complete'])[e], '{}', at
            FROM one, generate_series(1, 3) AS e;
            INSERT INTO agentctl.approval (conversation_id, seq, call_number, tool, arguments, state, decided_by, decided_at)
            SELECT id, CASE WHEN n % 10000 = 0 THEN 2 ELSE 1 END, 1, 't', '{}',
                   CASE WHEN n % 10000 = 0 THEN 'pending' ELSE 'approved' END::agentctl.approval_state,
                   CASE WHEN n % 10000 > 0 THEN 'somebody' END, CASE WHEN n % 10000 > 0 THEN at END
            FROM one WHERE n % 5 = 0;
        END $$;
        CREATE ROLE \(client) LOGIN IN ROLE agentctl_client;
        """
}
