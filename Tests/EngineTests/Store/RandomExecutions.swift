/// Turns, calls and tasks as they may be stored, over the last ten days and of before.
enum RandomExecutions {
    /// Agents and times for which metrics are asked, as arguments.
    static let windows = [
        "NULL, NULL, NULL", "'agent1', NULL, NULL", "NULL, now() - interval '5 days 7 minutes', NULL",
        "NULL, NULL, date_trunc('hour', now()) - interval '3 days'",
        "'agent0', now() - interval '4 days', now() - interval '20 hours'",
        "NULL, date_trunc('day', now()) - interval '6 days', date_trunc('day', now()) - interval '2 days'",
    ]

    static let script = """
        CREATE SCHEMA executions;
        SELECT agentctl.create_partitions_of(t.name, ARRAY(
            SELECT generate_series(now() - interval '70 days', now(), interval '10 days')))
        FROM unnest('{turn,step,tool_call,function_call}'::text[]) AS t (name);
        SET session_replication_role = replica;
        INSERT INTO agentctl.definition_version (kind, name, version, document, content_hash)
        SELECT k, k || 'x', v, '{}', sha256(convert_to(k || v, 'UTF8'))
        FROM unnest('{model,tool}'::text[]) AS k, generate_series(1, 2) AS v;
        RESET session_replication_role;
        CREATE FUNCTION executions.make(first integer, total integer) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            versions bigint[] := ARRAY(SELECT v.id FROM agentctl.definition_version AS v ORDER BY v.kind, v.version);
            n integer;
            at timestamptz;
            ms double precision;
            dice double precision;
            agent text;
        BEGIN
            FOR n IN first..first + total - 1 LOOP
                dice := random();
                ms := exp(random() * 9);
                at := now() - interval '4 hours' - random() ^ 2 * interval '9 days' - CASE WHEN dice < 0.1 THEN interval '50 days'
                    ELSE interval '0' END;
                agent := 'agent' || n % 3;
                INSERT INTO agentctl.turn (conversation_id, seq, status, attempt, worker_id, agent, agent_version,
                    first_message, last_message, model_calls, tool_calls, input_tokens, cached_input_tokens,
                    output_tokens, cost_usd, submitted_at, started_at, duration_ms, error_code, error_message,
                    limit_reached)
                VALUES ('c' || n, 1, CASE WHEN dice < 0.7 THEN 'succeeded' WHEN dice < 0.85 THEN 'failed'
                            WHEN dice < 0.95 THEN 'limited' ELSE 'interrupted' END::agentctl.turn_status, 1, 1, agent,
                        nullif(n % 4, 0), 1, 2, 2, 1, n, n / 2, n % 9, dice, at - interval '1 s', at, ms,
                        CASE WHEN dice BETWEEN 0.7 AND 0.85 THEN 'broken' END, 'because ' || n,
                        CASE WHEN dice BETWEEN 0.85 AND 0.95 THEN 'timeout' END);
                INSERT INTO agentctl.step (conversation_id, seq, number, kind, model, model_version_id, provider,
                    input_tokens, output_tokens, cost_usd, time_to_first_token_ms, duration_ms, started_at, error_code,
                    error_message)
                SELECT 'c' || n, 1, s, (ARRAY['model_call', 'model_attempt', 'guardrail', 'compaction'])[s]
                           ::agentctl.step_kind, 'modelx', versions[s % 2 + 1], 'openai', n, s, dice / s,
                       CASE WHEN s = 1 THEN ms / 10 END, ms / s, at + s * interval '40 minutes',
                       CASE WHEN s = 1 AND dice > 0.8 THEN 'overloaded' END, 'HTTP ' || n
                FROM generate_series(1, 1 + n % 4) AS s;
                IF n % 5 = 0 THEN
                    INSERT INTO agentctl.conversation (id, agent) VALUES ('c' || n, agent) ON CONFLICT DO NOTHING;
                    INSERT INTO agentctl.compaction (conversation_id, number, first_message, last_message, summary,
                        made_by, before_tokens, after_tokens, model, model_version_id, provider, input_tokens, cost_usd,
                        duration_ms, created_by, created_at)
                    VALUES ('c' || n, 1, 1, 2, 's', 'model', 9, 1, 'modelx', versions[1], 'openai', n, dice, ms, 1,
                            at + interval '10 minutes');
                END IF;
                INSERT INTO agentctl.tool_call (conversation_id, seq, number, step_number, call_id, tool,
                    tool_version_id, arguments, effect, state, result, error_code, duration_ms, started_at, truncated)
                SELECT 'c' || n, 1, s, 1, 'c', CASE WHEN s = 3 THEN 'invented' || n ELSE 'toolx' END,
                       CASE WHEN s < 3 THEN versions[s + 2] END, '{}', 'pure',
                       (ARRAY['succeeded', 'failed', 'failed', 'denied', 'in_doubt'])[s]::agentctl.tool_call_state,
                       'result ' || n, (ARRAY[NULL, 'timeout', 'not_found', 'denied', NULL])[s],
                       CASE WHEN s < 4 THEN ms / 9 END, at + s * interval '20 minutes', s = 1
                FROM generate_series(1, n % 6) AS s;
                INSERT INTO agentctl.function_call (function, version, language, arguments, caller, conversation_id,
                    seq, exit_reason, duration_ms, cpu_ms, peak_memory_bytes, violations, started_at, called_by)
                SELECT 'f' || s, nullif(s - 1, 0), 'python', '{}', CASE WHEN s = 1 THEN 'turn' ELSE 'sql' END,
                       CASE WHEN s = 1 THEN 'c' || n END, CASE WHEN s = 1 THEN 1 END,
                       (ARRAY['ok', 'error', 'killed'])[s]::agentctl.exit_reason, ms, CASE WHEN n % 2 = 0 THEN ms END,
                       nullif(n, 3), '[{}]', at + s * interval '30 minutes', 'u'
                FROM generate_series(1, n % 4) AS s;
                -- Who inserts a task has it begun: here it is only counted.
                PERFORM set_config('session_replication_role', 'replica', true);
                INSERT INTO agentctl.task (description, agent, state, attempt, max_attempts, conversation_id, seq,
                    created_by, created_at, finished_at, tokens, cost_usd, told, ended_by)
                VALUES ('x', nullif(agent, 'agent2'), CASE WHEN dice < 0.4 THEN 'done' WHEN dice < 0.6 THEN 'dead'
                            WHEN dice < 0.7 THEN 'cancelled' ELSE 'pending' END::agentctl.task_state, 1 + n % 2, 2,
                        'c' || n, 1, 'u', at, CASE WHEN dice < 0.7 THEN at + make_interval(secs => ms) END, n, dice,
                        true, CASE WHEN dice < 0.7 THEN pg_current_xact_id()::text::bigint
                            + (SELECT m.shift FROM agentctl.rollup_mark AS m) END);
                PERFORM set_config('session_replication_role', 'origin', true);
            END LOOP;
        END $$;
        """

    /// Two conversations that fail again and again.
    static let failures = """
        INSERT INTO agentctl.turn (conversation_id, seq, status, attempt, worker_id, agent, first_message, last_message,
            model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd, submitted_at, started_at,
            duration_ms, error_code, error_message)
        SELECT f.id, f.seq, 'failed', 1, 1, 'assistant', 1, 2, 0, 0, 0, 0, 0, 0, now(),
               date_trunc('hour', now()) - f.hours * interval '1 hour' + f.seq * interval '1 minute', 1, 'broken',
               f.id || ' ' || f.seq
        FROM (VALUES ('a', 1, 5), ('a', 2, 5), ('a', 3, 4), ('a', 4, 4), ('b', 1, 4), ('b', 2, 4)) AS f (id, seq, hours);
        """
}
