CREATE OR REPLACE FUNCTION agentctl.decide(approval bigint, approves boolean, reason text, scope text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked record;
    remaining boolean;
    has_ended boolean;
    decider text;
    decides boolean;
BEGIN
    IF scope IS NULL OR scope NOT IN ('once', 'conversation', 'always') THEN
        RAISE EXCEPTION 'a scope is once, conversation or always' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(decide.reason) > 8192 THEN
        RAISE EXCEPTION 'a reason has at most 8192 bytes' USING ERRCODE = 'AC001';
    END IF;
    SELECT a.*, v.created_by INTO asked FROM approval AS a JOIN conversation AS v ON v.id = a.conversation_id
    WHERE a.id = decide.approval;
    decides := FOUND AND agentctl.may_decide(asked.approvers, asked.not_requester, asked.conversation_id, asked.seq);
    IF NOT decides AND (asked.id IS NULL OR NOT agentctl.may_see(asked.created_by)) THEN
        RAISE EXCEPTION 'there is no approval %', decide.approval USING ERRCODE = 'AC002',
            HINT = 'See agentctl.pending_approvals.';
    ELSIF NOT decides THEN
        RAISE EXCEPTION 'approval % is for others to decide', decide.approval USING ERRCODE = 'AC004',
            HINT = format('A member of %s may%s.',
                coalesce(array_to_string(asked.approvers, ' or '), 'agentctl_approver'),
                CASE WHEN asked.not_requester THEN ', but none of those who asked for the turn' ELSE '' END);
    END IF;
    IF scope = 'always' AND NOT agentctl.is_owner() THEN
        RAISE EXCEPTION 'only an owner decides for all conversations' USING ERRCODE = 'AC004',
            HINT = 'Scope once or conversation.';
    END IF;
    -- In the order in which a worker takes them: the conversation's row first.
    PERFORM agentctl.lock_conversation(asked.conversation_id);
    SELECT c.head_seq >= asked.seq INTO has_ended FROM conversation_control AS c
    WHERE c.conversation_id = asked.conversation_id;
    SELECT a.* INTO asked FROM approval AS a WHERE a.id = decide.approval FOR NO KEY UPDATE;
    IF asked.state IN ('approved', 'denied') THEN
        RAISE EXCEPTION 'approval % was % by % at %', decide.approval, asked.state, asked.decided_by, asked.decided_at
            USING ERRCODE = 'AC003';
    ELSIF asked.state = 'expired' OR asked.expires_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'approval % has expired at %', decide.approval, asked.expires_at USING ERRCODE = 'AC003';
    ELSIF has_ended THEN
        RAISE EXCEPTION 'turn %/% has ended; nothing of it waits', asked.conversation_id, asked.seq
            USING ERRCODE = 'AC003';
    END IF;
    decider := agentctl.keep_account();
    UPDATE approval AS a
    SET state = CASE WHEN approves THEN 'approved' ELSE 'denied' END::approval_state,
        scope = decide.scope::approval_scope,
        reason = decide.reason, decided_at = clock_timestamp(), decided_by = decider
    WHERE a.id = decide.approval;
    remaining := EXISTS (SELECT FROM approval AS a WHERE a.conversation_id = asked.conversation_id AND a.seq = asked.seq
        AND a.state = 'pending');
    UPDATE conversation_control AS c
    SET last_event = c.last_event + 1,
        state = CASE WHEN c.state = 'waiting' AND NOT remaining THEN 'ready' ELSE c.state END,
        ready_at = CASE WHEN c.state = 'waiting' AND NOT remaining THEN clock_timestamp() ELSE c.ready_at END,
        wake_at = CASE WHEN c.state = 'waiting' AND NOT remaining THEN NULL ELSE c.wake_at END
    WHERE c.conversation_id = asked.conversation_id;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT c.conversation_id, c.last_event, asked.seq, 'approval_decided', jsonb_strip_nulls(jsonb_build_object(
        'approval', decide.approval, 'call', nullif(asked.call_number, 0), 'place', nullif(asked.place, 'call'),
        'decision', CASE WHEN approves THEN 'approved' ELSE 'denied' END,
        'scope', decide.scope, 'reason', decide.reason, 'by', decider))
    FROM conversation_control AS c WHERE c.conversation_id = asked.conversation_id;
    IF NOT remaining THEN
        PERFORM agentctl.notify_workers(c.queue_key, c.conversation_id)
        FROM conversation_control AS c WHERE c.conversation_id = asked.conversation_id;
    END IF;
    RETURN NOT remaining;
END $$;
COMMENT ON FUNCTION agentctl.decide(bigint, boolean, text, text) IS
    'Decides about a tool call that waits, if the caller may: may_decide(). Internal: approve() and deny() call it.';
REVOKE ALL ON FUNCTION agentctl.decide(bigint, boolean, text, text) FROM PUBLIC;
