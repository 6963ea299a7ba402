-- Values are added to what is stripped of nulls, as null is a value of theirs.
CREATE OR REPLACE FUNCTION agentctl.export_run_items(conversation text, sees_definitions boolean)
    RETURNS TABLE (part text, item jsonb)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET extra_float_digits = 1
    SET jit = off SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT 'node_runs', jsonb_strip_nulls(to_jsonb(r))
        -- What a node is sent is the text of the chain, filled in.
        || CASE WHEN n.input IS NULL OR NOT export_run_items.sees_definitions THEN '{}'
               ELSE jsonb_build_object('input', n.input) END
        || CASE WHEN n.output IS NULL THEN '{}' ELSE jsonb_build_object('output', n.output) END
        || CASE WHEN n.writes IS NULL THEN '{}' ELSE jsonb_build_object('writes', n.writes) END
    FROM node_run AS n
    CROSS JOIN LATERAL (SELECT n.seq, n.number, n.node, n.visit, n.level, n.position, n.after, n.status, n.attempt,
        n.choices, n.task, n.error_code, n.error_message, n.copied_from, n.started_at, n.finished_at) AS r
    WHERE n.conversation_id = export_run_items.conversation
    ORDER BY n.seq, n.number;
    RETURN QUERY
    SELECT 'plans', jsonb_strip_nulls(to_jsonb(r)) || jsonb_build_object('context', p.context, 'steps', coalesce((
            SELECT jsonb_agg(jsonb_strip_nulls(to_jsonb(s) - '{plan_id,arguments}'::text[])
                || jsonb_build_object('arguments', s.arguments) ORDER BY s.number)
            FROM plan_step AS s WHERE s.plan_id = p.id), '[]'),
        'revisions', coalesce((
            SELECT jsonb_agg(to_jsonb(v) - 'plan_id' ORDER BY v.revision)
            FROM plan_revision AS v WHERE v.plan_id = p.id), '[]'))
        || CASE WHEN export_run_items.sees_definitions AND p.recover <> '[]'
               THEN jsonb_build_object('recover', p.recover) ELSE '{}' END
    FROM plan AS p
    CROSS JOIN LATERAL (SELECT p.seq, p.task, p.mode, p.max_steps, p.max_replans, p.state, p.revision, p.made_by,
        p.agent, p.created_by, p.created_at, p.approved_by, p.approved_at, p.started_at, p.finished_at) AS r
    WHERE p.conversation_id = export_run_items.conversation
    ORDER BY p.seq;
    RETURN QUERY
    SELECT 'schedule_runs', jsonb_strip_nulls(to_jsonb(r))
    FROM schedule_run AS u
    JOIN definition_version AS v ON v.id = u.version_id
    CROSS JOIN LATERAL (SELECT u.seq, u.name AS schedule, v.version, encode(v.content_hash, 'hex') AS content_hash,
        u.due_at, u.is_late, u.requested_by, u.ran_at) AS r
    WHERE u.conversation_id = export_run_items.conversation
    ORDER BY u.seq, u.name;
END $$;
COMMENT ON FUNCTION agentctl.export_run_items(text, boolean) IS
    'The parts of a conversation''s document about runs of chains, plans and schedules, an item a row. Without '
    'sees_definitions, not what nodes were sent and how plans recover: these are texts of definitions. Internal: '
    'export_items() calls it.';
REVOKE ALL ON FUNCTION agentctl.export_run_items(text, boolean) FROM PUBLIC;
