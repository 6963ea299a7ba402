-- The tool update_plan calls it in the transaction that stores its call: the plan is as far as the turn, always.
CREATE OR REPLACE FUNCTION agentctl.update_plan(conversation text, seq bigint, steps jsonb, reason text DEFAULT NULL)
    RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    held record;
    kept agentctl.plan;
    before jsonb;
    counts record;
    moment timestamptz := clock_timestamp();
BEGIN
    SELECT v.created_by, v.tenant, coalesce(s.agent, v.agent) AS agent,
           coalesce(nullif(btrim(left(s.body ->> 'message', 1000)), ''), 'Turn ' || update_plan.seq) AS task
    INTO held
    FROM conversation_control AS c
    JOIN conversation AS v ON v.id = c.conversation_id
    JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1
    WHERE c.conversation_id = update_plan.conversation AND c.state = 'running' AND s.seq = update_plan.seq
    FOR NO KEY UPDATE OF c;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'turn %/% does not run', update_plan.conversation, update_plan.seq USING ERRCODE = 'AC003';
    END IF;
    SELECT p.* INTO kept FROM plan AS p
    WHERE p.conversation_id = update_plan.conversation AND p.seq = update_plan.seq FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        INSERT INTO plan (tenant, task, max_steps, revision, state, made_by, agent, conversation_id, seq, created_by,
            started_at)
        VALUES (held.tenant, held.task, 200, 1, 'running', left(held.agent, 50), held.agent, update_plan.conversation,
            update_plan.seq, held.created_by, moment)
        RETURNING * INTO kept;
    END IF;
    before := agentctl.plan_step_list(kept.id);
    PERFORM agentctl.change_plan_steps(kept.id, update_plan.steps, moment);

    -- What was failed and has been recovered is done.
    SELECT count(*) AS steps, count(*) FILTER (WHERE s.status = 'completed') AS completed,
           bool_or(s.status IN ('pending', 'running')) AS is_open,
           bool_or(s.status = 'skipped' AND s.error_code IS NOT NULL OR s.status = 'failed' AND NOT EXISTS (
               SELECT FROM plan_step AS r WHERE r.plan_id = kept.id AND r.recovers = s.number)) AS has_failed
    INTO counts FROM plan_step AS s WHERE s.plan_id = kept.id;
    UPDATE plan AS p
    SET state = x.state, finished_at = CASE x.state WHEN 'running' THEN NULL ELSE moment END,
        revision = p.revision + CASE WHEN x.is_revised AND before <> '[]' THEN 1 ELSE 0 END
    FROM (SELECT CASE WHEN counts.is_open THEN 'running' WHEN counts.has_failed THEN 'failed'
              ELSE 'completed' END::plan_state AS state,
              (SELECT jsonb_agg(e.value - 'status') FROM jsonb_array_elements(agentctl.plan_step_list(kept.id)) AS e)
              IS DISTINCT FROM
              (SELECT jsonb_agg(e.value - 'status') FROM jsonb_array_elements(before) AS e) AS is_revised) AS x
    WHERE p.id = kept.id
    RETURNING p.state, p.revision INTO kept.state, kept.revision;
    INSERT INTO plan_revision (plan_id, revision, reason, steps, created_by)
    SELECT kept.id, kept.revision, coalesce(nullif(left(update_plan.reason, 1000), ''), CASE kept.revision WHEN 1
        THEN 'made' ELSE 'changed' END), agentctl.plan_step_list(kept.id), held.created_by
    ON CONFLICT DO NOTHING;

    UPDATE conversation_control AS c SET last_event = c.last_event + 1
    WHERE c.conversation_id = update_plan.conversation;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT c.conversation_id, c.last_event, update_plan.seq, 'plan_updated', jsonb_build_object('plan', kept.id,
        'revision', kept.revision, 'state', kept.state, 'steps', counts.steps, 'completed', counts.completed)
    FROM conversation_control AS c WHERE c.conversation_id = update_plan.conversation;
    RETURN jsonb_build_object('plan', kept.id, 'revision', kept.revision, 'state', kept.state, 'steps', counts.steps,
        'completed', counts.completed);
END $$;
COMMENT ON FUNCTION agentctl.update_plan(text, bigint, jsonb, text) IS
    'Changes the plan of a turn that runs, and makes one for a turn that has none: [{number, status, description, '
    'after, result, error, …}]; a step without a number is added. Returns {plan, revision, state, steps, completed}. '
    'Internal: the tool update_plan calls it while its worker holds the conversation.';
REVOKE ALL ON FUNCTION agentctl.update_plan(text, bigint, jsonb, text) FROM PUBLIC;
