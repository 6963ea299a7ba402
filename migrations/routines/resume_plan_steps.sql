-- What a step came to, its call says: the turn may have ended before the plan knew.
CREATE OR REPLACE FUNCTION agentctl.resume_plan_steps(plan agentctl.plan, outcomes jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    ended agentctl.plan := resume_plan_steps.plan;
    before jsonb := (SELECT s.body #> '{input,steps}' FROM submission AS s
                     WHERE s.conversation_id = ended.conversation_id AND s.seq = ended.seq);
    -- Only what later steps refer to is needed whole.
    is_used boolean := EXISTS (SELECT FROM plan_step AS s WHERE s.plan_id = ended.id AND s.status <> 'completed'
                               AND s.arguments::text LIKE '%{{step\_%');
    steps jsonb;
    doubtful text;
    cut_off record;
    -- Steps whose call was done, as somebody has just said of it.
    done integer[] := '{}';
BEGIN
    -- Who may say it, and from when on, is as for any call.
    FOR cut_off IN
        SELECT s.number, c.number AS call, resume_plan_steps.outcomes ->> s.number::text AS told
        FROM plan_step AS s
        CROSS JOIN LATERAL (
            SELECT o.number, o.state, o.effect FROM tool_call AS o
            WHERE o.conversation_id = ended.conversation_id AND o.seq = ended.seq
              AND o.call_id = format('plan_%s_step_%s', ended.id, s.number)
              AND o.started_at >= (SELECT agentctl.turn_lower_bound(ended.conversation_id, ended.seq))
            ORDER BY o.number DESC LIMIT 1) AS c
        WHERE s.plan_id = ended.id AND s.status IN ('running', 'failed') AND c.state = 'in_doubt'
          AND c.effect NOT IN ('pure', 'idempotent')
          AND resume_plan_steps.outcomes ->> s.number::text = ANY ('{happened,did_not_happen}')
        ORDER BY s.number
    LOOP
        PERFORM agentctl.resolve_tool_call(ended.conversation_id, ended.seq, cut_off.call, cut_off.told);
        IF cut_off.told = 'happened' THEN
            done := done || cut_off.number::integer;
        END IF;
    END LOOP;
    SELECT jsonb_agg(jsonb_build_object('number', x.number, 'status', x.status, 'result', x.result, 'error', CASE
               WHEN x.status = 'failed' THEN x.error_code END) ORDER BY x.number),
           string_agg(x.number::text, ', ' ORDER BY x.number) FILTER (WHERE x.is_doubtful)
    INTO steps, doubtful
    FROM (
        SELECT s.number, s.error_code, d.is_doubtful AND NOT coalesce(t.told, '') = ANY ('{happened,did_not_happen}')
                   AS is_doubtful,
               CASE WHEN s.status = 'completed' THEN CASE WHEN is_used
                        THEN coalesce(c.result, before -> s.number - 1 ->> 'result', s.result) ELSE s.result END
                    WHEN c.state = 'succeeded' THEN c.result
                    ELSE 'It was done; what it returned is not known.' END AS result,
               CASE WHEN s.status = 'completed' OR s.status = 'running' AND c.state = 'succeeded'
                        OR s.number = ANY (done) OR d.is_doubtful AND t.told = 'happened' THEN 'completed'
                    WHEN s.status = 'failed' AND EXISTS (
                        SELECT FROM plan_step AS r WHERE r.plan_id = s.plan_id AND r.recovers = s.number) THEN 'failed'
                    ELSE 'pending' END AS status
        FROM plan_step AS s
        LEFT JOIN LATERAL (
            SELECT o.state, o.effect, o.result FROM tool_call AS o
            WHERE o.conversation_id = ended.conversation_id AND o.seq = ended.seq
              AND o.call_id = format('plan_%s_step_%s', ended.id, s.number)
              AND o.started_at >= (SELECT agentctl.turn_lower_bound(ended.conversation_id, ended.seq))
            ORDER BY o.number DESC LIMIT 1) AS c ON true
        CROSS JOIN LATERAL (SELECT resume_plan_steps.outcomes ->> s.number::text AS told) AS t
        CROSS JOIN LATERAL (
            -- Also where the records are gone.
            SELECT s.status IN ('running', 'failed') AND (
                c.state IN ('started', 'in_doubt') AND c.effect NOT IN ('pure', 'idempotent')
                OR s.status = 'running' AND c.state IS NULL AND NOT EXISTS (
                    SELECT FROM turn AS u WHERE u.conversation_id = ended.conversation_id AND u.seq = ended.seq))
                IS TRUE AS is_doubtful) AS d
        WHERE s.plan_id = ended.id
    ) AS x;
    IF doubtful IS NOT NULL THEN
        RAISE EXCEPTION 'plan %: whether these steps took effect before they were cut off is not known: %', ended.id,
            doubtful USING ERRCODE = 'AC003', HINT = format('Find out, and say so: agentctl plans run %s --step %s',
                ended.id, replace(doubtful, ', ', '=happened --step ') || '=happened (or did_not_happen)');
    END IF;
    UPDATE plan_step AS s SET status = 'pending', result = NULL, error_code = NULL, started_at = NULL,
        finished_at = NULL
    FROM jsonb_array_elements(steps) AS e
    WHERE s.plan_id = ended.id AND s.number = (e.value ->> 'number')::smallint AND e.value ->> 'status' = 'pending'
      AND s.status <> 'pending';
    RETURN (
        SELECT jsonb_agg(l.value || CASE e.value ->> 'status' WHEN 'pending' THEN '{"status": "pending"}'
            ELSE jsonb_strip_nulls(e.value - 'number') END ORDER BY l.place)
        FROM jsonb_array_elements(agentctl.plan_step_list(ended.id)) WITH ORDINALITY AS l (value, place)
        JOIN jsonb_array_elements(steps) WITH ORDINALITY AS e (value, place) USING (place));
END $$;
COMMENT ON FUNCTION agentctl.resume_plan_steps(agentctl.plan, jsonb) IS
    'The steps of a plan that was run, as run_plan() submits them again: what is completed has its result, and what is '
    'not is pending. Fails with AC003 where a step with an effect was cut off and outcomes does not say what became of '
    'it; what it says of a call in doubt is for resolve_tool_call(), which may refuse it. Internal: run_plan() calls '
    'it.';
REVOKE ALL ON FUNCTION agentctl.resume_plan_steps(agentctl.plan, jsonb) FROM PUBLIC;
