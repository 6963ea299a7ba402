import TestSupport

/// A conversation that is long already, with all rows that its turns would have left.
struct PastConversation: Sendable {
    let id: String
    private let messages: Int

    init(_ round: Int, _ messages: Int) {
        id = "past \(messages) \(round)"
        self.messages = messages
    }

    func make(in database: BenchmarkDatabase) async throws {
        try await psql(database.url, "SELECT benchmark.make_past('\(id)', \(messages))")
    }

    /// Makes a conversation of so many messages, two to a turn.
    static let function = """
        CREATE SCHEMA IF NOT EXISTS benchmark;
        CREATE FUNCTION benchmark.make_past(id text, messages integer) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE turns integer := messages / 2;
        BEGIN
            PERFORM agentctl.start_conversation(id, 'assistant');
            INSERT INTO agentctl.submission (conversation_id, seq, body)
            SELECT id, n, jsonb_build_object('message', '\(Documents.question)') FROM generate_series(1, turns) AS n;
            INSERT INTO agentctl.message (conversation_id, number, seq, role, content)
            SELECT id, n, (n + 1) / 2, (CASE n % 2 WHEN 1 THEN 'user' ELSE 'assistant' END)::agentctl.message_role,
                   CASE n % 2 WHEN 1 THEN '\(Documents.question)' ELSE '\(Documents.answer)' END
            FROM generate_series(1, messages) AS n;
            INSERT INTO agentctl.turn (
                conversation_id, seq, status, attempt, worker_id, agent, agent_version, agent_version_id, first_message,
                last_message, model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd,
                submitted_at, started_at, duration_ms)
            SELECT id, n, 'succeeded', 1, 1, 'assistant', 1,
                   (SELECT v.id FROM agentctl.definition_version AS v WHERE v.kind = 'agent' AND v.name = 'assistant' LIMIT 1),
                   2 * n - 1, 2 * n, 1, 0, 100, 0, 20, 0.001, now(), now(), 1
            FROM generate_series(1, turns) AS n;
            INSERT INTO agentctl.step (conversation_id, seq, number, kind, model, provider, duration_ms, started_at)
            SELECT id, n, 1, 'model_call', 'offline', 'rules', 1, now() FROM generate_series(1, turns) AS n;
            INSERT INTO agentctl.event (conversation_id, number, seq, type, data)
            SELECT id, 3 * n - 2 + k, n, (ARRAY['turn_started', 'message', 'turn_complete'])[k + 1], '{}'
            FROM generate_series(1, turns) AS n, generate_series(0, 2) AS k;
            UPDATE agentctl.conversation_control
            SET head_seq = turns, tail_seq = turns, last_message = messages, last_event = 3 * turns
            WHERE conversation_id = id;
        END $$
        """
}
