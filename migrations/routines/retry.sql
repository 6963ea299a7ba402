CREATE OR REPLACE FUNCTION agentctl.retry(conversation text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    stands record;
    asked record;
    status text;
    had_effect boolean;
    run bigint;
BEGIN
    retry.conversation := agentctl.own_conversation(retry.conversation);
    PERFORM agentctl.lock_conversation(retry.conversation);
    SELECT c.head_seq, c.tail_seq INTO stands FROM conversation_control AS c
    WHERE c.conversation_id = retry.conversation;
    IF stands.tail_seq > stands.head_seq THEN
        RAISE EXCEPTION 'conversation "%" has % not ended', retry.conversation,
            CASE stands.tail_seq - stands.head_seq WHEN 1 THEN 'a submission that has' ELSE 'submissions that have' END
            USING ERRCODE = 'AC003', HINT = 'Try again when they have, or stop the turn with interrupt().';
    END IF;
    SELECT s.seq, s.agent, s.body, s.task_id INTO asked FROM submission AS s
    WHERE s.conversation_id = retry.conversation AND s.operation IN ('user_input', 'steer') AND s.taken_by IS NULL
    ORDER BY s.seq DESC LIMIT 1;
    -- A plan knows which of its steps are completed; its message does not.
    SELECT p.id INTO run FROM plan AS p
    WHERE p.conversation_id = retry.conversation AND p.seq = asked.seq AND p.approved_at IS NOT NULL AND p.state <> 'completed';
    IF FOUND THEN
        RAISE EXCEPTION 'turn %/% ran plan %', retry.conversation, asked.seq, run
            USING ERRCODE = 'AC003', HINT = format('Go on with it: agentctl plans run %s', run);
    END IF;
    SELECT s.status INTO status FROM submissions AS s
    WHERE s.conversation_id = retry.conversation AND s.seq = asked.seq;
    IF status IS NULL OR status NOT IN ('failed', 'limited', 'interrupted') THEN
        RAISE EXCEPTION '%', CASE WHEN asked.seq IS NULL
            THEN format('conversation "%s" has no turn to retry', retry.conversation)
            ELSE format('turn %s/%s %s: there is nothing to retry', retry.conversation, asked.seq,
                CASE status WHEN 'pruned' THEN 'was pruned' ELSE status END) END USING ERRCODE = 'AC003';
    ELSIF asked.task_id IS NOT NULL THEN
        RAISE EXCEPTION 'turn %/% did task %', retry.conversation, asked.seq, asked.task_id
            USING ERRCODE = 'AC003', HINT = 'Retry the task: agentctl.retry_task().';
    END IF;
    -- Where the turn had an effect, the model has to see it, or it would have it again.
    had_effect := EXISTS (
            SELECT FROM tool_call AS o
            WHERE o.conversation_id = retry.conversation AND o.seq = asked.seq AND o.effect <> 'pure'
              AND o.state IN ('started', 'succeeded', 'in_doubt')
              AND o.started_at >= (SELECT agentctl.turn_lower_bound(retry.conversation, asked.seq)))
        OR EXISTS (SELECT FROM task AS t
                   WHERE t.parent_conversation_id = retry.conversation AND t.parent_seq = asked.seq)
        OR EXISTS (SELECT FROM submission AS s
                   WHERE s.conversation_id = retry.conversation AND s.taken_by = asked.seq);
    IF NOT had_effect AND EXISTS (
        SELECT FROM message AS m
        WHERE m.conversation_id = retry.conversation AND m.seq = asked.seq AND m.undone_by IS NULL)
    THEN
        PERFORM agentctl.undo(retry.conversation);
    END IF;
    RETURN agentctl.submit(retry.conversation, asked.body ->> 'message', asked.agent, input => asked.body -> 'input');
END $$;
COMMENT ON FUNCTION agentctl.retry(text) IS
    'Sends the message of the last turn again, which failed, reached a limit or was interrupted; returns its new '
    'number. The messages of the failed turn are undone first, unless it had effects, tasks or messages that it took '
    'up: these the model has to see. Fails with AC003 when that turn succeeded or something has not ended.';
REVOKE ALL ON FUNCTION agentctl.retry(text) FROM PUBLIC;
