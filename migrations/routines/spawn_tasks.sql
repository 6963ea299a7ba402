-- A model that delegates against the rules is told so as the outcome of that task. Its other tasks are begun in one
-- statement, so that they share the budget: which ones those are is found out by trying each alone first.
CREATE OR REPLACE FUNCTION agentctl.spawn_tasks(conversation text, seq bigint, tasks jsonb) RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked record;
    reason text;
    detail text;
    accepted jsonb;
    places bigint[] := '{}';
    reasons text[] := '{}';
    moment timestamptz := clock_timestamp();
    is_stopped boolean;
BEGIN
    IF EXISTS (SELECT FROM jsonb_array_elements(spawn_tasks.tasks) AS e
               WHERE CASE WHEN e.value ->> 'number' ~ '^[0-9]{1,9}$' THEN e.value ->> 'number' < '1' ELSE true END)
    THEN
        RAISE EXCEPTION 'the tasks of a turn are numbered from 1' USING ERRCODE = 'AC001';
    END IF;
    BEGIN
        PERFORM agentctl.insert_tasks(spawn_tasks.conversation, spawn_tasks.seq, spawn_tasks.tasks);
        RETURN 0;
    EXCEPTION WHEN SQLSTATE 'AC001' OR SQLSTATE 'AC002' OR SQLSTATE 'AC003' OR data_exception THEN
        NULL;
    END;
    FOR asked IN SELECT e.value, e.ordinality FROM jsonb_array_elements(spawn_tasks.tasks) WITH ORDINALITY AS e LOOP
        BEGIN
            PERFORM agentctl.insert_tasks(spawn_tasks.conversation, spawn_tasks.seq, jsonb_build_array(asked.value));
            RAISE EXCEPTION 'it can be, and is taken back' USING ERRCODE = 'ACTRY';
        EXCEPTION
            WHEN SQLSTATE 'ACTRY' THEN
                NULL;
            WHEN SQLSTATE 'AC001' OR SQLSTATE 'AC002' OR SQLSTATE 'AC003' OR data_exception THEN
                GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
                places := places || asked.ordinality;
                reasons := reasons || left(concat_ws('; ', SQLERRM, nullif(detail, '')), 2000);
        END;
    END LOOP;
    SELECT jsonb_agg(e.value) INTO accepted FROM jsonb_array_elements(spawn_tasks.tasks) WITH ORDINALITY AS e
    WHERE e.ordinality <> ALL (places);
    IF accepted IS NOT NULL THEN
        BEGIN
            PERFORM agentctl.insert_tasks(spawn_tasks.conversation, spawn_tasks.seq, accepted);
        EXCEPTION WHEN SQLSTATE 'AC003' THEN
            -- Each alone could be: the budget does not reach for all of them.
            reason := SQLERRM;
        END;
    END IF;
    -- A turn that is being stopped begins nothing: its tasks are dropped with it, and against no rule.
    SELECT c.cancel_seq > c.head_seq INTO is_stopped FROM conversation_control AS c
    WHERE c.conversation_id = spawn_tasks.conversation;
    -- Of what is refused only that is kept which is surely storable.
    INSERT INTO task (parent_conversation_id, parent_seq, number, group_key, description, agent, state, error_code,
        error_message, created_at, finished_at)
    SELECT spawn_tasks.conversation, spawn_tasks.seq, (e.value ->> 'number')::integer,
           CASE WHEN octet_length(e.value ->> 'group') <= 200 THEN e.value ->> 'group' ELSE '' END,
           left(coalesce(e.value ->> 'description', ''), 10000),
           CASE WHEN octet_length(e.value ->> 'agent') <= 200 THEN e.value ->> 'agent' END,
           CASE WHEN is_stopped THEN 'cancelled' ELSE 'failed' END::task_state,
           CASE WHEN is_stopped THEN 'interrupted' ELSE 'refused' END, coalesce(r.why, reason), moment, moment
    FROM jsonb_array_elements(spawn_tasks.tasks) WITH ORDINALITY AS e
    LEFT JOIN unnest(places, reasons) AS r (place, why) ON r.place = e.ordinality
    WHERE r.place IS NOT NULL OR reason IS NOT NULL
    ORDER BY (e.value ->> 'number')::integer
    ON CONFLICT (parent_conversation_id, parent_seq, number) WHERE parent_conversation_id IS NOT NULL DO NOTHING;
    RETURN CASE WHEN reason IS NULL THEN cardinality(places) ELSE jsonb_array_length(spawn_tasks.tasks) END;
END $$;
COMMENT ON FUNCTION agentctl.spawn_tasks(text, bigint, jsonb) IS
    'Stores and begins the tasks of a turn: [{number, group, description, input, capabilities, agent, limit, timeout, '
    'deadline, budget_tokens, budget_usd, max_attempts, choices}]; timeout in seconds from now. Those that a rule refuses, or '
    'whose values no task can have, are stored as failed; returns how many. Internal: save_progress() calls it under '
    'the lock on the control row.';
REVOKE ALL ON FUNCTION agentctl.spawn_tasks(text, bigint, jsonb) FROM PUBLIC;
