-- What the view of the same name shows, of some of it.
CREATE OR REPLACE FUNCTION agentctl.agent_metrics(
    of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    agent text, version integer, turns bigint, succeeded bigint, failed bigint, limited bigint, interrupted bigint,
    success_rate numeric, p50_ms double precision, p95_ms double precision, p99_ms double precision,
    mean_queue_ms double precision, model_calls bigint, tool_calls bigint, input_tokens bigint,
    cached_input_tokens bigint, output_tokens bigint, cost_usd numeric, first_at timestamptz, last_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT t.answered_by,
           t.version,
           count(*) AS turns,
           count(*) FILTER (WHERE t.status = 'succeeded') AS succeeded,
           count(*) FILTER (WHERE t.status = 'failed') AS failed,
           count(*) FILTER (WHERE t.status = 'limited') AS limited,
           count(*) FILTER (WHERE t.status = 'interrupted') AS interrupted,
           round(count(*) FILTER (WHERE t.status = 'succeeded') / count(*)::numeric, 4) AS success_rate,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY t.duration_ms) AS p50_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY t.duration_ms) AS p95_ms,
           percentile_cont(0.99) WITHIN GROUP (ORDER BY t.duration_ms) AS p99_ms,
           avg(extract(epoch FROM t.started_at - t.submitted_at) * 1000)::double precision AS mean_queue_ms,
           sum(t.model_calls)::bigint AS model_calls,
           sum(t.tool_calls)::bigint AS tool_calls,
           sum(t.input_tokens)::bigint AS input_tokens,
           sum(t.cached_input_tokens)::bigint AS cached_input_tokens,
           sum(t.output_tokens)::bigint AS output_tokens,
           sum(t.cost_usd) AS cost_usd,
           min(t.started_at) AS first_at,
           max(t.started_at) AS last_at
    FROM (
        SELECT o.agent AS answered_by, o.agent_version AS version, o.* FROM turn AS o
        WHERE (agent_metrics.of_agent IS NULL OR o.agent = agent_metrics.of_agent)
          AND o.started_at >= coalesce(agent_metrics.since, '-infinity')
          AND o.started_at < coalesce(agent_metrics.until, 'infinity')
        UNION ALL
        -- The turns of a handoff are its agents'; they are its own where it is asked for.
        SELECT v.name, v.version, o.* FROM turn AS o JOIN definition_version AS v ON v.id = o.chain_version_id
        WHERE v.kind = 'chain' AND v.name = agent_metrics.of_agent
          -- Known before any turn is read.
          AND EXISTS (SELECT FROM definition AS d WHERE d.kind = 'chain' AND d.name = agent_metrics.of_agent)
          AND o.started_at >= coalesce(agent_metrics.since, '-infinity')
          AND o.started_at < coalesce(agent_metrics.until, 'infinity')
    ) AS t
    GROUP BY t.answered_by, t.version
$$;
COMMENT ON FUNCTION agentctl.agent_metrics(text, timestamptz, timestamptz) IS
    'Turns by agent and version; those of a handoff under the agent that answered, and under the chain where of_agent '
    'names it. '
    'Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
REVOKE ALL ON FUNCTION agentctl.agent_metrics(text, timestamptz, timestamptz) FROM PUBLIC;
