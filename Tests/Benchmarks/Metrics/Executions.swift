/// Executions that have ended, made by the server straight into the tables: the same for the same number.
enum Executions {
    /// `CALL executions.fill(total, days)` spreads them evenly over the days before now.
    static let script = """
        CREATE SCHEMA executions;
        CREATE FUNCTION executions.latency(seed bigint) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
            SELECT exp(5.5 + 1.2 * (((hashint8(seed) & 65535) + (hashint8(seed + 7) & 65535) + (hashint8(seed + 13) & 65535)) / 65536.0 - 1.5))
        $$;
        CREATE PROCEDURE executions.fill(total bigint, days integer, chunk integer DEFAULT 100000) LANGUAGE plpgsql AS $$
        DECLARE
            ends CONSTANT timestamptz := date_trunc('hour', now(), 'UTC') - interval '1 minute';
            apart CONSTANT interval := make_interval(days => days) / total;
            tools bigint[];
            models bigint[];
        BEGIN
            SET LOCAL session_replication_role = replica;
            INSERT INTO agentctl.definition_version (kind, name, version, document, content_hash)
            SELECT k.kind, k.kind || n, v, '{}', sha256(convert_to(k.kind || n || '/' || v, 'UTF8'))
            FROM unnest('{model,tool}'::text[]) AS k (kind), generate_series(1, 8) AS n, generate_series(1, 2) AS v;
            models := ARRAY(SELECT v.id FROM agentctl.definition_version AS v WHERE v.kind = 'model' ORDER BY v.id);
            tools := ARRAY(SELECT v.id FROM agentctl.definition_version AS v WHERE v.kind = 'tool' ORDER BY v.id);
            PERFORM agentctl.create_partitions_of(t.name, ARRAY(
                SELECT generate_series(ends - make_interval(days => days + 1), ends, interval '1 day')))
            FROM unnest('{turn,step,tool_call,function_call}'::text[]) AS t (name);
            COMMIT;
            FOR start IN 1..total BY chunk LOOP
                SET LOCAL session_replication_role = replica;
                CREATE TEMPORARY TABLE made ON COMMIT DROP AS
                SELECT n, 'c' || n / 20 AS conversation, n % 20 + 1 AS seq, 'agent' || n % 5 + 1 AS agent,
                       CASE WHEN n * 2 > total THEN 2 ELSE 1 END AS version, hashint8(n) & 1023 AS dice,
                       ends - (total - n) * apart AS at, executions.latency(n) AS ms
                FROM generate_series(start, least(start + chunk - 1, total)) AS n;
                INSERT INTO agentctl.turn (conversation_id, seq, status, attempt, worker_id, agent, agent_version, first_message,
                    last_message, model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd,
                    submitted_at, started_at, finished_at, duration_ms, error_code, limit_reached, error_message)
                SELECT m.conversation, m.seq, CASE WHEN m.dice < 20 THEN 'failed' WHEN m.dice < 25 THEN 'limited' ELSE 'succeeded'
                       END::agentctl.turn_status, 1, 1, m.agent, m.version, 2 * m.seq - 1, 2 * m.seq, 1 + m.dice % 2, m.dice % 2,
                       500 + m.dice, 100, 50 + m.dice % 100, 0.0001 * m.dice, m.at - interval '20 ms', m.at,
                       m.at + make_interval(secs => m.ms / 1000), m.ms,
                       CASE WHEN m.dice < 12 THEN 'provider_overloaded' WHEN m.dice < 20 THEN 'answer_invalid' END,
                       CASE WHEN m.dice BETWEEN 20 AND 24 THEN 'timeout' END,
                       CASE WHEN m.dice < 20 THEN 'what went wrong with execution ' || m.n END
                FROM made AS m;
                INSERT INTO agentctl.step (conversation_id, seq, number, kind, model, model_version_id, provider, input_tokens,
                    cached_input_tokens, output_tokens, cost_usd, time_to_first_token_ms, duration_ms, started_at, error_code,
                    error_message)
                SELECT m.conversation, m.seq, s, 'model_call', 'model' || m.n % 4 + 1, models[m.n % 4 * 2 + m.version], 'openai',
                       250 + m.dice, 50, 25 + m.dice % 100, 0.00005 * m.dice, m.ms / 10, m.ms / 2,
                       m.at + make_interval(secs => (s - 1) * m.ms / 2000),
                       CASE WHEN m.dice < 12 AND s = 1 THEN 'overloaded' END, CASE WHEN m.dice < 12 AND s = 1 THEN 'HTTP 529' END
                FROM made AS m CROSS JOIN LATERAL generate_series(1, 1 + m.dice % 2) AS s;
                INSERT INTO agentctl.tool_call (conversation_id, seq, number, step_number, call_id, tool, tool_version_id,
                    arguments, effect, state, result, error_code, duration_ms, started_at)
                SELECT m.conversation, m.seq, 1, 1, 'c1', 'tool' || m.n % 8 + 1, tools[m.n % 8 * 2 + m.version], '{}', 'pure',
                       CASE WHEN m.dice % 50 = 1 THEN 'failed' ELSE 'succeeded' END::agentctl.tool_call_state, 'result ' || m.n,
                       CASE WHEN m.dice % 50 = 1 THEN 'timeout' END, m.ms / 20, m.at + make_interval(secs => m.ms / 4000)
                FROM made AS m WHERE m.dice % 2 = 1;
                INSERT INTO agentctl.function_call (function, version, language, arguments, caller, conversation_id, seq,
                    exit_reason, duration_ms, cpu_ms, peak_memory_bytes, started_at, called_by)
                SELECT 'function' || m.n % 6 + 1, 1, 'python', '{}', CASE WHEN m.dice % 3 = 0 THEN 'sql' ELSE 'turn' END,
                       CASE WHEN m.dice % 3 > 0 THEN m.conversation END, CASE WHEN m.dice % 3 > 0 THEN m.seq END,
                       CASE WHEN m.dice % 40 = 0 THEN 'error' ELSE 'ok' END::agentctl.exit_reason, m.ms / 50, m.ms / 60,
                       30000000 + m.dice, m.at, 'u'
                FROM made AS m WHERE m.dice % 10 = 0;
                INSERT INTO agentctl.task (description, agent, state, conversation_id, seq, created_by, created_at, finished_at,
                    tokens, cost_usd, told, ended_by)
                SELECT 'task', m.agent, CASE WHEN m.dice % 30 = 0 THEN 'dead' ELSE 'done' END::agentctl.task_state,
                       m.conversation, m.seq, 'u', m.at, m.at + make_interval(secs => m.ms / 1000), 500 + m.dice,
                       0.0001 * m.dice, true, pg_current_xact_id()::text::bigint
                FROM made AS m WHERE m.dice % 20 = 0;
                COMMIT;
            END LOOP;
        END $$;
        """
}
