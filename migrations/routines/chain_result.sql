CREATE OR REPLACE FUNCTION agentctl.chain_result(conversation text, seq bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    run record;
    reply jsonb;
BEGIN
    chain_result.conversation := agentctl.readable_conversation(chain_result.conversation);
    SELECT r.* INTO run FROM chain_runs AS r
    WHERE r.conversation_id = chain_result.conversation AND r.seq = chain_result.seq;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'turn %/% is no run of a chain', chain_result.conversation, chain_result.seq
            USING ERRCODE = 'AC002', HINT = 'See agentctl.chain_runs.';
    ELSIF run.finished_at IS NULL THEN
        RETURN NULL;
    END IF;
    reply := to_jsonb((
        SELECT m.content FROM message AS m
        WHERE run.status = 'succeeded' AND m.conversation_id = run.conversation_id AND m.seq = run.seq
          AND m.role = 'assistant'
        ORDER BY m.number DESC LIMIT 1));
    RETURN (
        WITH last_visit AS (
            SELECT DISTINCT ON (n.node) n.node, n.status, n.output, n.number FROM node_run AS n
            WHERE n.conversation_id = run.conversation_id AND n.seq = run.seq AND n.finished_at >= run.started_at
            ORDER BY n.node, n.visit DESC
        ), outputs AS (
            SELECT coalesce(jsonb_object_agg(v.node, v.output) FILTER (WHERE v.output IS NOT NULL
                AND v.status = 'succeeded'), '{}') AS given FROM last_visit AS v
        )
        SELECT jsonb_build_object(
            'success', run.status = 'succeeded', 'final_output', reply,
            'stage_outputs', o.given, 'failed_stage', run.failed_node,
            'error', CASE WHEN run.status <> 'succeeded' THEN coalesce(run.error_message,
                concat_ws(': ', run.status, run.error_code)) END,
            'partial_outputs', CASE WHEN run.status <> 'succeeded' THEN o.given ELSE '{}' END,
            'total_tokens', run.tokens, 'cost_usd', run.cost_usd, 'duration_ms', run.duration_ms)
        FROM outputs AS o);
END $$;
COMMENT ON FUNCTION agentctl.chain_result(text, bigint) IS
    'What a run of a chain came to: {success, final_output, stage_outputs, failed_stage, error, partial_outputs, '
    'total_tokens, cost_usd, duration_ms}; NULL while it runs. Outputs are the last of each node that succeeded.';
REVOKE ALL ON FUNCTION agentctl.chain_result(text, bigint) FROM PUBLIC;
