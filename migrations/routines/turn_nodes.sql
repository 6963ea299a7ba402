CREATE OR REPLACE FUNCTION agentctl.turn_nodes(conversation text, seq bigint, since timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                'node', n.node, 'visit', n.visit, 'level', n.level, 'after', n.after, 'status', n.status,
                'choices', n.choices, 'code', n.error_code, 'message', n.error_message))
            -- null is a value of theirs.
            || CASE WHEN n.input IS NULL THEN '{}' ELSE jsonb_build_object('input', n.input) END
            || CASE WHEN n.output IS NULL THEN '{}' ELSE jsonb_build_object('output', n.output) END
            || CASE WHEN n.writes IS NULL THEN '{}' ELSE jsonb_build_object('writes', n.writes) END ORDER BY n.number)
        FROM node_run AS n
        WHERE n.conversation_id = turn_nodes.conversation AND n.seq = turn_nodes.seq
          AND n.finished_at >= turn_nodes.since);
END $$;
COMMENT ON FUNCTION agentctl.turn_nodes(text, bigint, timestamptz) IS
    'The visits of nodes that a run of a chain has stored since then, in order: [{node, visit, level, after, status, '
    'input, output, writes, choices, code, message}], without what is missing; NULL for none. Internal: '
    'turn_progress_report() calls it.';
REVOKE ALL ON FUNCTION agentctl.turn_nodes(text, bigint, timestamptz) FROM PUBLIC;
