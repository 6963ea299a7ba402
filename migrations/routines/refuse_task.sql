CREATE OR REPLACE FUNCTION agentctl.refuse_task(task bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked record;
    parent record;
    way text;
BEGIN
    SELECT t.* INTO asked FROM task AS t WHERE t.id = refuse_task.task;
    SELECT c.cancel_seq > c.head_seq AS is_stopped INTO parent
    FROM conversation_control AS c
    JOIN turn_progress AS p ON p.conversation_id = c.conversation_id AND p.seq = c.head_seq + 1
    WHERE c.conversation_id = asked.parent_conversation_id AND p.seq = asked.parent_seq;
    way := left(array_to_string(asked.path, ' → '), 1000);
    IF asked.parent_seq IS NOT NULL AND parent IS NULL THEN
        RAISE EXCEPTION 'turn %/% is not in progress', asked.parent_conversation_id, asked.parent_seq
            USING ERRCODE = 'AC003', HINT = 'Tasks are added to a turn that has stored something and has not ended.';
    ELSIF parent.is_stopped THEN
        RAISE EXCEPTION 'turn %/% is being stopped', asked.parent_conversation_id, asked.parent_seq
            USING ERRCODE = 'AC003';
    ELSIF asked.agent IS NULL THEN
        RAISE EXCEPTION 'no agent has the capabilities %', left(array_to_string(asked.capabilities, ', '), 200)
            USING ERRCODE = 'AC002', HINT = 'See agentctl.agents; an agent above the task is not chosen again.';
    ELSIF agentctl.chain_depth(asked.agent) IS NULL OR asked.parent_conversation_id IS NULL
        AND agentctl.usable_responder(asked.agent, asked.created_by) IS NULL
    THEN
        PERFORM agentctl.raise_unusable('agent', left(asked.agent, 200), 'See agentctl.agents.');
    ELSIF asked.agent = ANY (asked.path[:cardinality(asked.path) - 1]) THEN
        RAISE EXCEPTION 'delegation leads back: %', way USING ERRCODE = 'AC003',
            HINT = 'An agent may not stand twice on one path.';
    ELSIF asked.budget_tokens < 1 OR asked.budget_usd <= 0 THEN
        RAISE EXCEPTION 'the budget of turn %/% is spent', asked.parent_conversation_id, asked.parent_seq
            USING ERRCODE = 'AC003';
    END IF;
    RAISE EXCEPTION 'delegation goes too deep: %', way USING ERRCODE = 'AC003',
        DETAIL = coalesce((
            SELECT format('agent "%s" allows %s below it', p.name, agentctl.chain_depth(p.name))
            FROM unnest(asked.path) WITH ORDINALITY AS p (name, place)
            WHERE agentctl.chain_depth(p.name) < (
                SELECT count(*) FROM unnest(asked.path[p.place + 1 :]) AS b (name)
                WHERE agentctl.responder_kind(b.name) = 'agent') ORDER BY p.place LIMIT 1),
            'the agent at the root is not in force'),
        HINT = 'max_chain_depth of every agent on the path holds.';
END $$;
COMMENT ON FUNCTION agentctl.refuse_task(bigint) IS
    'Fails with the reason for which a task cannot be: AC002 or AC003. Internal: place_tasks() calls it.';
REVOKE ALL ON FUNCTION agentctl.refuse_task(bigint) FROM PUBLIC;
