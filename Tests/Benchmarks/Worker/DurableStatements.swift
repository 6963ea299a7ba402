import Postgres
import TestSupport

/// The statements that a worker commits for a message, for pgbench: all in one call, as the worker's steady state has them in
/// one commit.
struct DurableStatements: Sendable {
    /// The record of a turn, as long as the worker's.
    let record: String

    /// The script of one message.
    static let script = "SELECT * FROM benchmark.process(:worker, :record);\n"

    /// The script's variables, with a worker that is new, as one without heartbeats soon counts as lost and gets nothing.
    func variables(_ client: PostgresClient) async throws -> [String: String] {
        let workers = try await client.query("SELECT id FROM agentctl.start_worker('inline', 'pgbench', 1, '', 64)")
        guard let worker = try workers.first?.decode("id", as: Int.self) else { throw BenchmarkError("no worker") }
        return ["record": record, "worker": "\(worker)"]
    }

    /// Takes the record from a turn that a worker has stored.
    ///
    /// - Parameter conversation: Has one turn.
    init(like conversation: String, _ client: PostgresClient) async throws {
        let records = try await client.query("SELECT benchmark.record($1)::text AS record", [.text(conversation)])
        guard let record = records.first else { throw BenchmarkError("no record") }
        self.record = try record.decode("record")
    }

    /// The functions that only the benchmark has.
    static let functions = """
        CREATE SCHEMA benchmark;
        CREATE FUNCTION benchmark.process(worker bigint, record jsonb)
        RETURNS TABLE (finished boolean, conversation_id text, seq bigint, lease uuid, body jsonb, history jsonb)
        LANGUAGE plpgsql AS $$
        DECLARE claimed record;
        BEGIN
            SELECT * INTO claimed FROM agentctl.claim(worker, 1);
            IF FOUND THEN
                RETURN QUERY SELECT agentctl.finish(claimed.conversation_id, claimed.seq, claimed.lease, record),
                    claimed.conversation_id, claimed.seq, claimed.lease, claimed.body, claimed.history;
            END IF;
        END $$;
        CREATE FUNCTION benchmark.record(conversation text) RETURNS jsonb LANGUAGE sql AS $$
            SELECT jsonb_build_object(
                'turn', (SELECT to_jsonb(t) - ARRAY['conversation_id', 'seq', 'worker_id', 'attempt', 'first_message',
                         'last_message', 'submitted_at', 'started_at', 'finished_at', 'recorded_by', 'depth',
                         'parent_conversation_id', 'parent_seq'] FROM agentctl.turn AS t WHERE t.conversation_id = conversation),
                'messages', (SELECT jsonb_agg(jsonb_build_object('role', m.role, 'content', m.content) ORDER BY m.number)
                             FROM agentctl.message AS m WHERE m.conversation_id = conversation),
                'steps', (SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(s) - ARRAY['conversation_id', 'seq', 'started_at'])
                                           || '{"offset_ms": 0.1}' ORDER BY s.number)
                          FROM agentctl.step AS s WHERE s.conversation_id = conversation),
                'tool_calls', '[]'::jsonb,
                'events', (SELECT e.data - 0 FROM agentctl.event AS e WHERE e.conversation_id = conversation))
        $$;
        """
}
