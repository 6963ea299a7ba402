-- A model that delegates against the rules is told so as the outcome of that task; its other tasks are begun.
CREATE OR REPLACE FUNCTION agentctl.spawn_tasks(conversation text, seq bigint, tasks jsonb) RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked jsonb;
    detail text;
    moment timestamptz := clock_timestamp();
    refused integer := 0;
BEGIN
    BEGIN
        PERFORM agentctl.insert_tasks(spawn_tasks.conversation, spawn_tasks.seq, spawn_tasks.tasks);
        RETURN 0;
    EXCEPTION WHEN SQLSTATE 'AC002' OR SQLSTATE 'AC003' THEN
        NULL;
    END;
    FOR asked IN SELECT e.value FROM jsonb_array_elements(spawn_tasks.tasks) AS e
        ORDER BY (e.value ->> 'number')::integer
    LOOP
        BEGIN
            PERFORM agentctl.insert_tasks(spawn_tasks.conversation, spawn_tasks.seq, jsonb_build_array(asked));
        EXCEPTION WHEN SQLSTATE 'AC002' OR SQLSTATE 'AC003' THEN
            GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
            INSERT INTO task (parent_conversation_id, parent_seq, number, group_key, description, input, capabilities,
                agent, state, error_code, error_message, created_at, finished_at)
            SELECT spawn_tasks.conversation, spawn_tasks.seq, r.number, coalesce(r."group", ''), r.description,
                   r.input, coalesce(r.capabilities, '{}'), r.agent, 'failed', 'refused',
                   concat_ws('; ', SQLERRM, nullif(detail, '')), moment, moment
            FROM jsonb_to_record(asked) AS r (
                number integer, "group" text, description text, input jsonb, capabilities text[], agent text)
            ON CONFLICT (parent_conversation_id, parent_seq, number) WHERE parent_conversation_id IS NOT NULL
                DO NOTHING;
            refused := refused + 1;
        END;
    END LOOP;
    RETURN refused;
END $$;
COMMENT ON FUNCTION agentctl.spawn_tasks(text, bigint, jsonb) IS
    'Stores and begins the tasks of a turn: [{number, group, description, input, capabilities, agent, limit, timeout, '
    'deadline, budget_tokens, budget_usd, max_attempts}]; timeout in seconds from now. Those that a rule refuses are '
    'stored as failed; returns how many. Internal: save_progress() calls it under the lock on the control row.';
REVOKE ALL ON FUNCTION agentctl.spawn_tasks(text, bigint, jsonb) FROM PUBLIC;
