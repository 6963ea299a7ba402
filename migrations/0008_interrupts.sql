-- Stopping a turn from anywhere, and reading a conversation's events from anywhere.

ALTER TABLE agentctl.conversation_control ADD COLUMN steer_seq bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN agentctl.conversation_control.steer_seq IS 'The last message that is for the turn in progress and not for one of its own.';

-- The worker that holds the conversation is told by a notification, and finds out with its next heartbeat if that is lost.
CREATE FUNCTION agentctl.stop_turn(conversation text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    stopped bigint;
BEGIN
    -- A turn that waits for a person, or for a worker to go on with it, is claimed once more and ended.
    UPDATE conversation_control AS c
    SET cancel_seq = c.head_seq + 1,
        state = CASE c.state WHEN 'running' THEN c.state ELSE 'ready' END,
        ready_at = CASE c.state WHEN 'running' THEN c.ready_at ELSE coalesce(c.ready_at, clock_timestamp()) END
    WHERE c.conversation_id = stop_turn.conversation AND (c.state = 'running' OR c.has_progress)
    RETURNING c.cancel_seq INTO stopped;
    IF FOUND THEN
        PERFORM pg_notify('agentctl_signal', '');
    END IF;
    RETURN stopped;
END $$;
COMMENT ON FUNCTION agentctl.stop_turn(text) IS 'Has the turn in progress stopped and returns its number; NULL when none is. Internal: interrupt() and submit() call it.';

CREATE FUNCTION agentctl.interrupt(conversation text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    stopped bigint;
BEGIN
    PERFORM agentctl.require_conversation(interrupt.conversation);
    stopped := agentctl.stop_turn(interrupt.conversation);
    IF stopped IS NULL THEN
        RAISE EXCEPTION 'no turn of conversation "%" is running', interrupt.conversation USING ERRCODE = 'AC003';
    END IF;
    RETURN stopped;
END $$;
COMMENT ON FUNCTION agentctl.interrupt(text) IS 'Stops the turn that runs in a conversation, or that waits for a person; returns its number. What it has done stays. Fails with AC003 when no turn is running.';

CREATE FUNCTION agentctl.signals(worker bigint) RETURNS TABLE (lease uuid, is_interrupted boolean, is_steered boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT c.lease, c.cancel_seq > c.head_seq, c.steer_seq > c.head_seq
    FROM agentctl.conversation_control AS c
    WHERE c.worker_id = signals.worker AND c.state = 'running' AND (c.cancel_seq > c.head_seq OR c.steer_seq > c.head_seq)
$$;
COMMENT ON FUNCTION agentctl.signals(bigint) IS 'The turns of a worker that are to be stopped, and those that a message was sent into.';

CREATE FUNCTION agentctl.events(conversation text, after bigint DEFAULT 0, maximum integer DEFAULT 1000)
RETURNS TABLE (number bigint, seq bigint, type text, data jsonb, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    started timestamptz;
BEGIN
    SELECT v.created_at INTO started FROM conversation AS v
    WHERE v.id = events.conversation AND (v.created_by = agentctl.caller() OR agentctl.may_see_all());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', events.conversation USING ERRCODE = 'AC002';
    END IF;
    IF maximum IS NULL OR maximum NOT BETWEEN 1 AND 10000 THEN
        RAISE EXCEPTION 'events returns 1 to 10000 events at a time' USING ERRCODE = 'AC001';
    END IF;
    RETURN QUERY
    SELECT e.number, e.seq, e.type,
           CASE WHEN m.number IS NULL THEN e.data
                ELSE e.data || jsonb_strip_nulls(jsonb_build_object(
                    'role', m.role, 'content', m.content, 'tool_calls', m.tool_calls, 'tool_call_id', m.tool_call_id)) END,
           e.at
    FROM (
        SELECT s.* FROM event AS s
        WHERE s.conversation_id = events.conversation AND s.number > events.after AND s.at >= started
        ORDER BY s.number LIMIT events.maximum
    ) AS e
    LEFT JOIN message AS m ON m.conversation_id = e.conversation_id AND m.number = CASE jsonb_typeof(e.data -> 'message') WHEN 'number' THEN (e.data ->> 'message')::bigint END
    ORDER BY e.number;
END $$;
COMMENT ON FUNCTION agentctl.events(text, bigint, integer) IS 'The events of a conversation after the given number, in order and without gaps, each with the message that it is about. Whoever remembers the last number that it has seen misses nothing and sees nothing twice.';

REVOKE ALL ON FUNCTION agentctl.stop_turn(text), agentctl.interrupt(text), agentctl.signals(bigint), agentctl.events(text, bigint, integer) FROM PUBLIC;
INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES
    ('agentctl_client', 'function', 'agentctl.interrupt(text)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.events(text, bigint, integer)', 'EXECUTE');
SELECT agentctl.grant_roles();
