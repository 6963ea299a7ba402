-- Plans get new ids here. Runs of schedules are those of one database: what this one has no schedule for, or has a run
-- of already, is left out.
CREATE OR REPLACE FUNCTION agentctl.store_runs(document jsonb, id text, OUT plans bigint[], OUT left_out bigint)
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET jit = off
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    stored bigint;
BEGIN
    PERFORM agentctl.create_partitions_of('node_run', ARRAY(
        SELECT DISTINCT date_trunc('month', (e.value ->> 'finished_at')::timestamptz)
        FROM jsonb_array_elements(document -> 'node_runs') AS e));
    INSERT INTO node_run (conversation_id, seq, number, node, visit, level, position, after, status, attempt, input,
        output, writes, choices, task, error_code, error_message, copied_from, started_at, finished_at)
    SELECT store_runs.id, r.seq, r.number, r.node, r.visit, r.level, r.position, r.after, r.status, r.attempt,
           e.value -> 'input', e.value -> 'output', e.value -> 'writes', r.choices, r.task, r.error_code,
           r.error_message, r.copied_from, r.started_at, r.finished_at
    FROM jsonb_array_elements(document -> 'node_runs') AS e
    CROSS JOIN LATERAL jsonb_to_record(e.value) AS r (
        seq bigint, number integer, node text, visit smallint, level smallint, position smallint, after text[],
        status node_status, attempt smallint, choices text[], task integer, error_code text, error_message text,
        copied_from text, started_at timestamptz, finished_at timestamptz);

    WITH made AS (
        INSERT INTO plan (tenant, task, context, recover, mode, max_steps, max_replans, state, revision, made_by, agent,
            conversation_id, seq, created_by, created_at, approved_by, approved_at, started_at, finished_at)
        SELECT document #>> '{conversation,tenant}', p.task, p.context, coalesce(p.recover, '[]'), p.mode, p.max_steps,
               p.max_replans, p.state, p.revision, p.made_by, p.agent, store_runs.id, p.seq, p.created_by, p.created_at,
               p.approved_by, p.approved_at, p.started_at, p.finished_at
        FROM jsonb_to_recordset(document -> 'plans') AS p (
            seq bigint, task text, context jsonb, recover jsonb, mode text, max_steps smallint, max_replans smallint,
            state plan_state, revision integer, made_by text, agent text, created_by text, created_at timestamptz,
            approved_by text, approved_at timestamptz, started_at timestamptz, finished_at timestamptz)
        RETURNING plan.id, plan.seq
    )
    SELECT coalesce(array_agg(m.id ORDER BY m.seq), '{}') INTO store_runs.plans FROM made AS m;
    INSERT INTO plan_step (plan_id, number, tool, function, agent, capabilities, arguments, description, after, find,
        recovers, status, result, error_code, started_at, finished_at)
    SELECT store_runs.plans[p.place], s.number, s.tool, s.function, s.agent, s.capabilities, s.arguments, s.description,
           coalesce(s.after, '{}'), s.find, s.recovers, s.status, s.result, s.error_code, s.started_at, s.finished_at
    FROM jsonb_array_elements(document -> 'plans') WITH ORDINALITY AS p (value, place)
    CROSS JOIN LATERAL jsonb_to_recordset(p.value -> 'steps') AS s (
        number smallint, tool text, function text, agent text, capabilities text[], arguments jsonb, description text,
        after smallint[], find text, recovers smallint, status plan_step_status, result text, error_code text,
        started_at timestamptz, finished_at timestamptz);
    INSERT INTO plan_revision (plan_id, revision, reason, steps, created_by, created_at)
    SELECT store_runs.plans[p.place], v.revision, v.reason, v.steps, v.created_by, v.created_at
    FROM jsonb_array_elements(document -> 'plans') WITH ORDINALITY AS p (value, place)
    CROSS JOIN LATERAL jsonb_to_recordset(p.value -> 'revisions') AS v (
        revision integer, reason text, steps jsonb, created_by text, created_at timestamptz);

    INSERT INTO schedule_run (name, due_at, version_id, outcome, is_late, requested_by, ran_at, conversation_id, seq)
    SELECT r.schedule, r.due_at, v.id, 'submitted', r.is_late, r.requested_by, r.ran_at, store_runs.id, r.seq
    FROM jsonb_to_recordset(document -> 'schedule_runs') AS r (
        seq bigint, schedule text, content_hash text, due_at timestamptz, is_late boolean, requested_by text,
        ran_at timestamptz)
    JOIN definition_version AS v ON v.kind = 'schedule' AND v.name = r.schedule
        AND v.content_hash = decode(r.content_hash, 'hex')
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS stored = ROW_COUNT;
    left_out := coalesce(jsonb_array_length(document -> 'schedule_runs'), 0) - stored;
END $$;
COMMENT ON FUNCTION agentctl.store_runs(jsonb, text) IS
    'Stores what a conversation''s document that was checked says of runs of chains, plans and schedules. Returns the '
    'ids of the plans, by their places, and how many runs of schedules were left out. Internal: store_conversation() '
    'calls it.';
REVOKE ALL ON FUNCTION agentctl.store_runs(jsonb, text) FROM PUBLIC;
