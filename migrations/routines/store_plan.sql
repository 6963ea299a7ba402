CREATE OR REPLACE FUNCTION agentctl.store_plan(
    task text, steps jsonb, context jsonb DEFAULT '{}', mode text DEFAULT 'sequential', max_steps integer DEFAULT 10,
    max_replans integer DEFAULT 2, recover jsonb DEFAULT '[]', made_by text DEFAULT 'user'
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    made bigint;
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    IF store_plan.task IS NULL OR store_plan.task !~ '[^[:space:]]' THEN
        RAISE EXCEPTION 'a plan has a task' USING ERRCODE = 'AC001';
    ELSIF octet_length(store_plan.task) + octet_length(store_plan.context::text)
        + octet_length(store_plan.recover::text) > largest
    THEN
        RAISE EXCEPTION 'the task and its context have more than % bytes', largest
            USING ERRCODE = 'AC003', HINT = 'Setting max_message_bytes in agentctl.setting.';
    ELSIF jsonb_typeof(store_plan.context) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'a context is an object' USING ERRCODE = 'AC001';
    ELSIF jsonb_typeof(store_plan.recover) IS DISTINCT FROM 'array'
        OR EXISTS (SELECT FROM jsonb_array_elements(store_plan.recover) AS r
                   WHERE jsonb_typeof(r.value) <> 'object' OR jsonb_typeof(r.value -> 'tool') IS DISTINCT FROM 'string'
                      OR coalesce(jsonb_typeof(r.value -> 'steps'), 'array') <> 'array'
                      OR coalesce(jsonb_typeof(r.value -> 'arguments'), 'object') <> 'object')
    THEN
        RAISE EXCEPTION 'recover is a list of {tool, error, steps, arguments, description}' USING ERRCODE = 'AC001';
    ELSIF store_plan.context @? 'strict $.**{120}' OR store_plan.recover @? 'strict $.**{120}' THEN
        RAISE EXCEPTION 'the context or the recovery nests deeper than 119 levels' USING ERRCODE = 'AC001';
    ELSIF store_plan.mode IS NULL OR store_plan.mode NOT IN ('sequential', 'parallel', 'interactive') THEN
        RAISE EXCEPTION 'a mode is sequential, parallel or interactive' USING ERRCODE = 'AC001';
    ELSIF store_plan.max_steps IS NULL OR store_plan.max_steps NOT BETWEEN 1 AND 200
        OR store_plan.max_replans IS NULL OR store_plan.max_replans NOT BETWEEN 0 AND 20
    THEN
        RAISE EXCEPTION 'max_steps is 1 to 200, and max_replans 0 to 20' USING ERRCODE = 'AC001';
    ELSIF octet_length(store_plan.made_by) NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'made_by has 1 to 200 bytes' USING ERRCODE = 'AC001';
    END IF;
    INSERT INTO plan (task, context, recover, mode, max_steps, max_replans, made_by)
    VALUES (store_plan.task, store_plan.context, store_plan.recover, store_plan.mode, store_plan.max_steps,
            store_plan.max_replans, coalesce(store_plan.made_by, 'user'))
    RETURNING id INTO made;
    PERFORM agentctl.write_plan_steps(made, store_plan.steps, 'made');
    RETURN made;
END $$;
COMMENT ON FUNCTION agentctl.store_plan(text, jsonb, jsonb, text, integer, integer, jsonb, text) IS
    'Stores a plan, a draft, and returns its number. steps: [{tool | function | agent | capabilities, arguments, '
    'description, after, find}]; a step is named by its place, from 1. Fails with AC001, naming every problem.';
REVOKE ALL ON FUNCTION agentctl.store_plan(text, jsonb, jsonb, text, integer, integer, jsonb, text) FROM PUBLIC;
