-- replaces: submit_task(text, text[], jsonb, text, integer, timestamptz, jsonb, integer, bigint[])
CREATE OR REPLACE FUNCTION agentctl.submit_task(
    description text, capabilities text[] DEFAULT '{}', input jsonb DEFAULT NULL, agent text DEFAULT NULL,
    priority integer DEFAULT 10, deadline timestamptz DEFAULT NULL, budget jsonb DEFAULT NULL,
    max_attempts integer DEFAULT 2, depends_on bigint[] DEFAULT '{}', queue text DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    accepted bigint;
    unknown bigint;
    needed bigint[] := ARRAY(SELECT DISTINCT d.id FROM unnest(submit_task.depends_on) AS d (id));
BEGIN
    PERFORM agentctl.check_queue(submit_task.queue, NULL);
    IF priority IS NULL OR priority NOT BETWEEN -32768 AND 32767 THEN
        RAISE EXCEPTION 'a priority is a number from -32768 to 32767' USING ERRCODE = 'AC001';
    ELSIF priority < 0 AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'only a worker''s or an owner''s tasks may go before the messages of others'
            USING ERRCODE = 'AC004', HINT = 'A priority of 0 or more is free to everybody; higher waits longer.';
    END IF;
    IF budget IS NOT NULL AND (jsonb_typeof(budget) <> 'object' OR budget - '{tokens,cost_usd}'::text[] <> '{}'
        OR EXISTS (SELECT FROM jsonb_each(budget) AS b WHERE jsonb_typeof(b.value) <> 'number'))
    THEN
        RAISE EXCEPTION 'a budget is {"tokens": number, "cost_usd": number}' USING ERRCODE = 'AC001';
    END IF;
    PERFORM agentctl.check_task(submit_task.description, submit_task.input, submit_task.capabilities,
        submit_task.agent, submit_task.deadline, ceil((budget ->> 'tokens')::numeric),
        (budget ->> 'cost_usd')::numeric, coalesce(submit_task.max_attempts, 0));
    IF cardinality(needed) > 1000 THEN
        RAISE EXCEPTION 'a task depends on at most 1000 others' USING ERRCODE = 'AC003';
    END IF;
    PERFORM agentctl.require_room(agentctl.account_name());
    -- None of them is deleted meanwhile.
    PERFORM FROM task AS t WHERE t.id = ANY (needed) ORDER BY t.id FOR KEY SHARE;
    SELECT d.id INTO unknown FROM unnest(needed) AS d (id)
    WHERE NOT EXISTS (SELECT FROM task AS t WHERE t.id = d.id AND agentctl.may_see(t.created_by)) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'there is no task %', coalesce(unknown::text, 'null') USING ERRCODE = 'AC002';
    END IF;

    INSERT INTO task (description, input, capabilities, agent, priority, deadline, budget_tokens, budget_usd,
        max_attempts, queue, state)
    VALUES (submit_task.description, submit_task.input, coalesce(submit_task.capabilities, '{}'), submit_task.agent,
            submit_task.priority, submit_task.deadline, ceil((budget ->> 'tokens')::numeric),
            (budget ->> 'cost_usd')::numeric, submit_task.max_attempts, submit_task.queue,
            CASE WHEN cardinality(needed) > 0 THEN 'pending' ELSE 'assigned' END::task_state)
    RETURNING id INTO accepted;
    INSERT INTO task_dependency (task_id, depends_on)
    SELECT accepted, d.id FROM unnest(needed) AS d (id);
    RETURN accepted;
END $$;
COMMENT ON FUNCTION
    agentctl.submit_task(text, text[], jsonb, text, integer, timestamptz, jsonb, integer, bigint[], text) IS
    'Queues a task and returns its number; works inside the caller''s transaction. Without an agent it goes to one '
    'that has the capabilities; where that fails without having had an effect, to the next, up to max_attempts. '
    'budget: {tokens, cost_usd} of it and all below it. It begins when the tasks that it depends on are done, in the '
    'queue of its agent or in the one that is given.';
REVOKE ALL ON FUNCTION
    agentctl.submit_task(text, text[], jsonb, text, integer, timestamptz, jsonb, integer, bigint[], text) FROM PUBLIC;
