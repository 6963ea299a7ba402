-- Approvals: a tool call that a policy asks about parks its turn, without a worker, until somebody decides or time is up.

ALTER TABLE agentctl.approval
    ADD COLUMN agent text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN subject text NOT NULL DEFAULT '' CHECK (octet_length(subject) <= 1000),
    ADD COLUMN rule text NOT NULL DEFAULT '';
COMMENT ON COLUMN agentctl.approval.agent IS 'The agent that asks.';
COMMENT ON COLUMN agentctl.approval.subject IS 'What is asked about, in short: a command line, a method and host, a path, the arguments. A decision of a wider scope covers calls of the same tool with the same subject.';
COMMENT ON COLUMN agentctl.approval.rule IS 'The policy''s rule that asks.';
CREATE INDEX approval_expiring ON agentctl.approval (expires_at) WHERE state = 'pending';
CREATE INDEX approval_standing ON agentctl.approval (tool, md5(subject)) WHERE scope <> 'once';

CREATE FUNCTION agentctl.request_approvals(conversation text, seq bigint, requests jsonb) RETURNS timestamptz
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wakes timestamptz;
BEGIN
    WITH asked AS (
        INSERT INTO approval (conversation_id, seq, call_number, place, tool, arguments, agent, subject, rule, expires_at)
        SELECT request_approvals.conversation, request_approvals.seq, r.call_number, coalesce(r.place, 'call'), r.tool, r.arguments,
               r.agent, r.subject, r.rule, clock_timestamp() + make_interval(secs => r.timeout)
        FROM jsonb_to_recordset(requests) AS r (
            call_number integer, place text, tool text, arguments text, agent text, subject text, rule text, timeout double precision)
        ON CONFLICT (conversation_id, seq, call_number, place) DO UPDATE SET expires_at = excluded.expires_at
        RETURNING expires_at
    )
    SELECT min(asked.expires_at) INTO wakes FROM asked;
    RETURN wakes;
END $$;
COMMENT ON FUNCTION agentctl.request_approvals(text, bigint, jsonb) IS 'Stores requests for approval; returns when the first of them expires. Internal: save_progress() calls it.';

-- Whether somebody has decided about calls like this one for longer than once.
CREATE FUNCTION agentctl.standing_approval(conversation text, agent text, tool text, subject text) RETURNS agentctl.approval_state
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT a.state FROM agentctl.approval AS a
    WHERE a.tool = standing_approval.tool AND md5(a.subject) = md5(standing_approval.subject) AND a.subject = standing_approval.subject
      AND a.scope <> 'once' AND a.state IN ('approved', 'denied')
      AND CASE a.scope WHEN 'conversation' THEN a.conversation_id = standing_approval.conversation ELSE a.agent = standing_approval.agent END
    ORDER BY a.decided_at DESC LIMIT 1
$$;
COMMENT ON FUNCTION agentctl.standing_approval(text, text, text, text) IS 'The last decision with a scope beyond once that covers a call: approved, denied, or NULL.';

CREATE FUNCTION agentctl.decide(approval bigint, approves boolean, reason text, scope text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked record;
    remaining boolean;
    has_ended boolean;
BEGIN
    IF scope IS NULL OR scope NOT IN ('once', 'conversation', 'always') THEN
        RAISE EXCEPTION 'a scope is once, conversation or always' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(decide.reason) > 8192 THEN
        RAISE EXCEPTION 'a reason has at most 8192 bytes' USING ERRCODE = 'AC001';
    END IF;
    SELECT a.* INTO asked FROM approval AS a JOIN conversation AS v ON v.id = a.conversation_id
    WHERE a.id = decide.approval AND (v.created_by = agentctl.caller() OR agentctl.may_see_all());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no approval %', decide.approval USING ERRCODE = 'AC002', HINT = 'See agentctl.pending_approvals.';
    END IF;
    IF scope = 'always' AND NOT agentctl.may_see_all() THEN
        RAISE EXCEPTION 'only an owner decides for all conversations' USING ERRCODE = 'AC004', HINT = 'Scope once or conversation.';
    END IF;
    -- In the order in which a worker takes them: the conversation's row first.
    SELECT c.head_seq >= asked.seq INTO has_ended FROM conversation_control AS c
    WHERE c.conversation_id = asked.conversation_id FOR NO KEY UPDATE;
    SELECT a.* INTO asked FROM approval AS a WHERE a.id = decide.approval FOR NO KEY UPDATE;
    IF asked.state IN ('approved', 'denied') THEN
        RAISE EXCEPTION 'approval % was % by % at %', decide.approval, asked.state, asked.decided_by, asked.decided_at USING ERRCODE = 'AC003';
    ELSIF asked.state = 'expired' OR asked.expires_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'approval % has expired at %', decide.approval, asked.expires_at USING ERRCODE = 'AC003';
    ELSIF has_ended THEN
        RAISE EXCEPTION 'turn %/% has ended; nothing of it waits', asked.conversation_id, asked.seq USING ERRCODE = 'AC003';
    END IF;
    UPDATE approval AS a
    SET state = CASE WHEN approves THEN 'approved' ELSE 'denied' END::approval_state, scope = decide.scope::approval_scope,
        reason = decide.reason, decided_at = clock_timestamp(), decided_by = agentctl.caller()
    WHERE a.id = decide.approval;
    remaining := EXISTS (SELECT FROM approval AS a WHERE a.conversation_id = asked.conversation_id AND a.seq = asked.seq AND a.state = 'pending');
    UPDATE conversation_control AS c
    SET last_event = c.last_event + 1,
        state = CASE WHEN c.state = 'waiting' AND NOT remaining THEN 'ready' ELSE c.state END,
        ready_at = CASE WHEN c.state = 'waiting' AND NOT remaining THEN clock_timestamp() ELSE c.ready_at END,
        wake_at = CASE WHEN c.state = 'waiting' AND NOT remaining THEN NULL ELSE c.wake_at END
    WHERE c.conversation_id = asked.conversation_id;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT c.conversation_id, c.last_event, asked.seq, 'approval_decided', jsonb_strip_nulls(jsonb_build_object(
        'approval', decide.approval, 'call', nullif(asked.call_number, 0), 'place', nullif(asked.place, 'call'), 'decision', CASE WHEN approves THEN 'approved' ELSE 'denied' END,
        'scope', decide.scope, 'reason', decide.reason, 'by', agentctl.caller()))
    FROM conversation_control AS c WHERE c.conversation_id = asked.conversation_id;
    RETURN NOT remaining;
END $$;
COMMENT ON FUNCTION agentctl.decide(bigint, boolean, text, text) IS 'Decides about a tool call that waits. Internal: approve() and deny() call it.';

CREATE FUNCTION agentctl.approve(approval bigint, reason text DEFAULT NULL, scope text DEFAULT 'once') RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$ SELECT agentctl.decide(approval, true, reason, scope) $$;
COMMENT ON FUNCTION agentctl.approve(bigint, text, text) IS 'Lets a tool call that waits run; scope: once, conversation (the same again in this conversation) or always (of this agent in any). Returns whether the turn goes on, as nothing else of it waits. Fails with AC003 when it was decided or has expired.';
CREATE FUNCTION agentctl.deny(approval bigint, reason text DEFAULT NULL, scope text DEFAULT 'once') RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$ SELECT agentctl.decide(approval, false, reason, scope) $$;
COMMENT ON FUNCTION agentctl.deny(bigint, text, text) IS 'Does not let a tool call that waits run; the model is told, with the reason. Otherwise like approve().';

CREATE OR REPLACE FUNCTION agentctl.wake() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    woken integer;
BEGIN
    UPDATE approval AS a SET state = 'expired'
    WHERE a.id = ANY (ARRAY(
        SELECT late.id FROM approval AS late
        WHERE late.state = 'pending' AND late.expires_at <= clock_timestamp()
        ORDER BY late.expires_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED));
    UPDATE conversation_control AS c SET state = 'ready', ready_at = clock_timestamp(), wake_at = NULL
    WHERE c.conversation_id = ANY (ARRAY(
        SELECT w.conversation_id FROM conversation_control AS w
        WHERE w.state = 'waiting' AND w.wake_at <= clock_timestamp()
        ORDER BY w.wake_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED));
    GET DIAGNOSTICS woken = ROW_COUNT;
    RETURN woken;
END $$;

CREATE OR REPLACE VIEW agentctl.pending_approvals AS
SELECT a.id, a.conversation_id, a.seq, a.call_number, a.tool, a.arguments, a.requested_at, a.expires_at, a.agent, a.subject, a.rule,
       a.place
FROM agentctl.approval AS a
JOIN agentctl.conversation_control AS c ON c.conversation_id = a.conversation_id AND c.head_seq < a.seq
WHERE a.state = 'pending';
COMMENT ON COLUMN agentctl.pending_approvals.agent IS 'The agent that asks.';
COMMENT ON COLUMN agentctl.pending_approvals.subject IS 'What is asked about, in short.';
COMMENT ON COLUMN agentctl.pending_approvals.rule IS 'The policy''s rule that asks.';
COMMENT ON COLUMN agentctl.pending_approvals.place IS 'What is asked about: the call; or what a guardrail found in the message (input) or in the call''s result (tool_output).';

REVOKE ALL ON FUNCTION agentctl.request_approvals(text, bigint, jsonb), agentctl.standing_approval(text, text, text, text),
    agentctl.decide(bigint, boolean, text, text), agentctl.approve(bigint, text, text), agentctl.deny(bigint, text, text) FROM PUBLIC;
INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES
    ('agentctl_client', 'function', 'agentctl.approve(bigint, text, text)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.deny(bigint, text, text)', 'EXECUTE'),
    ('agentctl_worker', 'function', 'agentctl.decide(bigint, boolean, text, text)', NULL),
    ('agentctl_worker', 'function', 'agentctl.approve(bigint, text, text)', NULL),
    ('agentctl_worker', 'function', 'agentctl.deny(bigint, text, text)', NULL);
SELECT agentctl.grant_roles();
