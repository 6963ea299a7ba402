CREATE OR REPLACE FUNCTION agentctl.insert_tasks(conversation text, seq bigint, tasks jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    PERFORM agentctl.check_task(r.description, r.input, r.capabilities, r.agent, r.deadline, r.budget_tokens,
        r.budget_usd, r.max_attempts, r.number, r."group", r.timeout)
    FROM jsonb_to_recordset(insert_tasks.tasks) AS r (
        description text, input jsonb, capabilities text[], agent text, deadline timestamptz, budget_tokens numeric,
        budget_usd numeric, max_attempts integer, number integer, "group" text, timeout double precision);
    WITH asked AS MATERIALIZED (
        SELECT r.*, coalesce(r."group", '') AS group_key,
               row_number() OVER (PARTITION BY r."group" ORDER BY r.number) AS place
        FROM jsonb_to_recordset(insert_tasks.tasks) AS r (
            number integer, "group" text, description text, input jsonb, capabilities text[], agent text,
            "limit" integer, timeout double precision, deadline timestamptz, budget_tokens bigint, budget_usd numeric,
            max_attempts smallint, choices text[])
    ), taken AS MATERIALIZED (
        -- Places of the group that earlier tasks still have.
        SELECT g.group_key, (
            SELECT count(*) FROM task AS t
            WHERE t.parent_conversation_id = insert_tasks.conversation AND t.parent_seq = insert_tasks.seq
              AND t.group_key = g.group_key AND t.conversation_id IS NOT NULL AND t.finished_at IS NULL) AS places
        FROM (SELECT DISTINCT a.group_key FROM asked AS a WHERE a."limit" IS NOT NULL) AS g
    )
    INSERT INTO task (parent_conversation_id, parent_seq, number, group_key, description, input, capabilities, agent,
        deadline, budget_tokens, budget_usd, max_attempts, choices, state, created_by)
    SELECT insert_tasks.conversation, insert_tasks.seq, a.number, a.group_key, a.description, a.input,
           coalesce(a.capabilities, '{}'), a.agent,
           least(a.deadline, clock_timestamp() + make_interval(secs => a.timeout)), a.budget_tokens, a.budget_usd,
           coalesce(a.max_attempts, CASE WHEN a.agent IS NULL THEN 2 ELSE 1 END), a.choices,
           CASE WHEN a.place + t.places > greatest(a."limit", 1) THEN 'held' ELSE 'assigned' END::task_state,
           (SELECT v.created_by FROM conversation AS v WHERE v.id = insert_tasks.conversation)
    FROM asked AS a LEFT JOIN taken AS t ON t.group_key = a.group_key
    ORDER BY a.number
    ON CONFLICT (parent_conversation_id, parent_seq, number) WHERE parent_conversation_id IS NOT NULL DO NOTHING;
END $$;
COMMENT ON FUNCTION agentctl.insert_tasks(text, bigint, jsonb) IS
    'Inserts tasks of a turn; the same numbers again change nothing. Of a group with a limit, those beyond it are '
    'held. Fails with AC001 for values that no task can have. Internal: spawn_tasks() calls it.';
REVOKE ALL ON FUNCTION agentctl.insert_tasks(text, bigint, jsonb) FROM PUBLIC;
