CREATE OR REPLACE FUNCTION agentctl.change_plan_steps(plan bigint, steps jsonb, moment timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    each record;
    place integer;
    last integer;
    status_given plan_step_status;
BEGIN
    FOR each IN SELECT e.value FROM jsonb_array_elements(change_plan_steps.steps) AS e LOOP
        SELECT coalesce(max(s.number), 0) INTO last FROM plan_step AS s WHERE s.plan_id = change_plan_steps.plan;
        place := coalesce((each.value ->> 'number')::integer, last + 1);
        status_given := (each.value ->> 'status')::plan_step_status;
        IF place NOT BETWEEN 1 AND last + 1 OR place > 1000 THEN
            RAISE EXCEPTION 'there is no step %; the plan has %', place, last USING ERRCODE = 'AC001';
        ELSIF place > last AND coalesce(each.value ->> 'description', '') !~ '[^[:space:]]' THEN
            RAISE EXCEPTION 'step % is new and has no description', place USING ERRCODE = 'AC001';
        ELSIF EXISTS (SELECT FROM jsonb_array_elements(each.value -> 'after') AS a
                      WHERE a::text !~ '^[0-9]{1,4}$' OR a::text::integer NOT BETWEEN 1 AND place - 1)
            OR (each.value ->> 'recovers')::integer NOT BETWEEN 1 AND place - 1
        THEN
            RAISE EXCEPTION 'step % can come after and recover earlier steps only', place USING ERRCODE = 'AC001';
        END IF;
        IF place > last THEN
            INSERT INTO plan_step (plan_id, number, tool, function, agent, capabilities, arguments, description, after,
                find, recovers)
            SELECT change_plan_steps.plan, place, each.value ->> 'tool', each.value ->> 'function',
                   each.value ->> 'agent', CASE WHEN each.value ? 'capabilities'
                       THEN agentctl.text_array(each.value -> 'capabilities') END,
                   coalesce(each.value -> 'arguments', '{}'),
                   left(regexp_replace(each.value ->> 'description', '[[:cntrl:]]+', ' ', 'g'), 1000),
                   ARRAY(SELECT a::text::smallint FROM jsonb_array_elements(each.value -> 'after') AS a ORDER BY 1),
                   each.value ->> 'find', (each.value ->> 'recovers')::smallint;
        ELSE
            UPDATE plan_step AS s
            SET description = CASE WHEN each.value ->> 'description' ~ '[^[:space:]]'
                    THEN left(regexp_replace(each.value ->> 'description', '[[:cntrl:]]+', ' ', 'g'), 1000)
                    ELSE s.description END,
                after = CASE WHEN each.value ? 'after' THEN ARRAY(
                    SELECT a::text::smallint FROM jsonb_array_elements(each.value -> 'after') AS a ORDER BY 1)
                    ELSE s.after END
            WHERE s.plan_id = change_plan_steps.plan AND s.number = place
              AND each.value ?| '{description,after}';
        END IF;
        UPDATE plan_step AS s
        SET status = status_given,
            started_at = CASE WHEN status_given IN ('pending', 'skipped') THEN s.started_at
                ELSE coalesce(s.started_at, moment) END,
            finished_at = CASE WHEN status_given IN ('pending', 'running') THEN NULL
                WHEN s.status = status_given THEN s.finished_at ELSE moment END,
            result = left(coalesce(each.value ->> 'result', s.result), 4000),
            error_code = left(each.value ->> 'error', 64)
        WHERE s.plan_id = change_plan_steps.plan AND s.number = place AND status_given IS NOT NULL;
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.change_plan_steps(bigint, jsonb, timestamptz) IS
    'Changes and adds steps of a plan that runs. Fails with AC001 for a step that cannot be. Internal: update_plan() '
    'calls it.';
REVOKE ALL ON FUNCTION agentctl.change_plan_steps(bigint, jsonb, timestamptz) FROM PUBLIC;
