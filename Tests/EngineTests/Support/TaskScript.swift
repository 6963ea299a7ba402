/// Turns that scripts run in SQL alone, as a worker would store them.
enum TaskScript {
    /// Functions of the session: `delegate` and `finish`, both of a conversation that is ready.
    static let functions = """
        CREATE FUNCTION pg_temp.record(is_new boolean, agent text, status text) RETURNS jsonb LANGUAGE sql AS $$
            SELECT jsonb_build_object(
                'turn', jsonb_strip_nulls(jsonb_build_object('status', status, 'agent', agent, 'agent_version', 1, 'steps', 1,
                    'model_calls', 1, 'tool_calls', 0, 'input_tokens', 10, 'cached_input_tokens', 0, 'output_tokens', 5,
                    'cost_usd', 0.01, 'duration_ms', 5,
                    'error_code', CASE status WHEN 'failed' THEN 'broken' END,
                    'error_message', CASE status WHEN 'failed' THEN 'it broke' END)),
                'messages', CASE WHEN is_new THEN jsonb_build_array(
                    jsonb_build_object('role', 'user', 'content', 'x'),
                    jsonb_build_object('role', 'assistant', 'content', 'reply of ' || agent)) ELSE '[]' END,
                'steps', CASE WHEN is_new THEN
                    '[{"number": 1, "kind": "model_call", "model": "m", "duration_ms": 5, "offset_ms": 0}]' ELSE '[]' END::jsonb,
                'tool_calls', '[]'::jsonb, 'events', '[]'::jsonb)
        $$;
        CREATE FUNCTION pg_temp.delegate(conversation text, agent text, awaits integer, tasks jsonb) RETURNS void
        LANGUAGE plpgsql AS $$
        DECLARE
            worker bigint := (SELECT w.id FROM agentctl.start_worker('service', 't', 1, 't', 8) AS w);
            claim record;
        BEGIN
            SELECT c.* INTO STRICT claim FROM agentctl.claim(worker, 1, conversation) AS c;
            ASSERT agentctl.save_progress(conversation, claim.seq, claim.lease,
                coalesce((claim.progress ->> 'saves')::integer, 0) + 1,
                pg_temp.record(claim.progress IS NULL, agent, NULL)
                    || jsonb_build_object('awaits', awaits, 'seen', 0, 'tasks', tasks), true);
        END $$;
        CREATE FUNCTION pg_temp.finish(conversation text, agent text, status text, calls jsonb DEFAULT '[]') RETURNS void
        LANGUAGE plpgsql AS $$
        DECLARE
            worker bigint := (SELECT w.id FROM agentctl.start_worker('service', 't', 1, 't', 8) AS w);
            claim record;
        BEGIN
            SELECT c.* INTO STRICT claim FROM agentctl.claim(worker, 1, conversation) AS c;
            ASSERT agentctl.finish(conversation, claim.seq, claim.lease,
                pg_temp.record(claim.progress IS NULL, agent, status) || jsonb_build_object('tool_calls', calls));
        END $$;
        """

    /// Those functions, and a turn of `p` that waits for its task.
    static let delegation =
        functions + """
            UPDATE agentctl.agents SET max_chain_depth = 5;
            SELECT agentctl.register('{"kind": "agent", "name": "other", "model": "offline"}');
            SELECT agentctl.submit('p', 'x', 'assistant');
            SELECT pg_temp.delegate('p', 'assistant', 1, '[{"number": 1, "description": "d", "agent": "other"}]');

            """
}
