CREATE OR REPLACE FUNCTION agentctl.begin_tasks(tasks bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    own record;
    waiting integer;
BEGIN
    -- A database of an earlier release may hold a conversation of that name. Of a turn's tasks its worker takes what it
    -- has slots for, and notifies others of the rest.
    SELECT max(v.id) AS taken, array_agg(DISTINCT agentctl.queue_for(t.agent, t.queue))
               FILTER (WHERE t.parent_conversation_id IS NULL) AS queues
    INTO own
    FROM task AS t LEFT JOIN conversation AS v ON v.id = t.conversation_id WHERE t.id = ANY (begin_tasks.tasks);
    IF own.taken IS NOT NULL THEN
        RAISE EXCEPTION 'there is a conversation "%" already', own.taken USING ERRCODE = 'AC003';
    END IF;
    FOREACH waiting IN ARRAY coalesce(own.queues, '{}') LOOP
        PERFORM agentctl.notify_workers(waiting);
    END LOOP;
    WITH begun AS MATERIALIZED (
        SELECT t.*, (
                   SELECT v.user_id FROM conversation AS v WHERE v.id = t.parent_conversation_id) AS user_id,
               t.parent_conversation_id IS NOT NULL AND agentctl.has_read_outside(t.parent_conversation_id, '{}')
                   AS read_outside, (
                   SELECT s.workspace FROM submission AS s
                   WHERE s.conversation_id = t.parent_conversation_id AND s.seq = t.parent_seq) AS workspace,
               CASE
            WHEN t.input IS NULL THEN jsonb_build_object('message', t.description)
            WHEN (SELECT v.document ? 'input_schema'
                  FROM definition AS d
                  JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
                  WHERE d.kind IN ('agent', 'chain') AND d.name = t.agent) THEN jsonb_build_object('input', t.input)
            ELSE jsonb_build_object('message', t.description || E'\n\n' || t.input::text) END AS body
        FROM task AS t WHERE t.id = ANY (begin_tasks.tasks)
        -- Among equals what is ready first is claimed first.
        ORDER BY t.id
    ), made AS (
        INSERT INTO conversation (id, tenant, agent, created_by, user_id, read_outside)
        SELECT b.conversation_id, b.tenant, b.agent, b.created_by, b.user_id, b.read_outside FROM begun AS b
    ), controlled AS (
        INSERT INTO conversation_control (conversation_id, state, ready_at, tail_seq, priority, depth, account_key,
            queue_key)
        SELECT b.conversation_id, 'ready', clock_timestamp(), b.seq, b.priority, b.depth,
               agentctl.account_key(b.created_by), agentctl.queue_for(b.agent, b.queue, b.workspace)
        FROM begun AS b
    )
    INSERT INTO submission (conversation_id, seq, body, task_id, created_by, queue, workspace)
    SELECT b.conversation_id, b.seq, b.body, b.id, b.created_by, b.queue, b.workspace FROM begun AS b;
END $$;
COMMENT ON FUNCTION agentctl.begin_tasks(bigint[]) IS
    'Makes the conversations of assigned tasks and has them claimed. Internal: whoever has just inserted or locked '
    'the tasks calls it.';
REVOKE ALL ON FUNCTION agentctl.begin_tasks(bigint[]) FROM PUBLIC;
