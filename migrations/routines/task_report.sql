CREATE OR REPLACE FUNCTION agentctl.task_report(task bigint, is_stopped boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT jsonb_strip_nulls(jsonb_build_object(
            'id', t.id, 'number', t.number, 'depth', t.depth, 'depth_left', t.depth_left, 'path', t.path,
            'parent_conversation', t.parent_conversation_id, 'parent_seq', t.parent_seq,
            'root_conversation', t.root_conversation_id, 'root_seq', t.root_seq, 'attempt', t.attempt,
            'seconds_left', CASE WHEN isfinite(t.deadline) THEN
                extract(epoch FROM t.deadline - clock_timestamp()) END,
            'choices', t.choices, 'tokens_left', b.tokens, 'usd_left', b.cost_usd, 'stopped', nullif(task_report.is_stopped, false)))
        FROM task AS t
        LEFT JOIN LATERAL (
            SELECT l.* FROM agentctl.budget_left(t.id) AS l WHERE t.budget_tokens IS NOT NULL OR t.budget_usd IS NOT NULL
        ) AS b ON true
        WHERE t.id = task_report.task);
END $$;
COMMENT ON FUNCTION agentctl.task_report(bigint, boolean) IS
    'What the turn of a task has to know: {id, number, depth, depth_left, path, parent_conversation, parent_seq, '
    'root_conversation, root_seq, attempt, choices, seconds_left, tokens_left, usd_left, stopped}, without what is '
    'null. Internal: claim() calls it.';
REVOKE ALL ON FUNCTION agentctl.task_report(bigint, boolean) FROM PUBLIC;
