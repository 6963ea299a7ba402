-- Stopping a turn from anywhere, and reading a conversation's events from anywhere.

CREATE INDEX conversation_interrupted ON agentctl.conversation_control (worker_id) WHERE state = 'running' AND cancel_seq > head_seq;

-- The worker that holds the conversation is told by a notification, and finds out with its next heartbeat if that is lost.
CREATE FUNCTION agentctl.interrupt(conversation text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    stopped bigint;
BEGIN
    PERFORM FROM conversation AS v
    WHERE v.id = interrupt.conversation AND (v.created_by = agentctl.caller() OR agentctl.may_see_all());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no conversation "%"', interrupt.conversation USING ERRCODE = 'AC002';
    END IF;
    -- A turn that waits for a person, or for a worker to go on with it, is claimed once more and ended.
    UPDATE conversation_control AS c
    SET cancel_seq = c.head_seq + 1,
        state = CASE c.state WHEN 'running' THEN c.state ELSE 'ready' END,
        ready_at = CASE c.state WHEN 'running' THEN c.ready_at ELSE coalesce(c.ready_at, clock_timestamp()) END
    WHERE c.conversation_id = interrupt.conversation AND (c.state = 'running' OR c.has_progress)
    RETURNING c.cancel_seq INTO stopped;
    IF stopped IS NULL THEN
        RAISE EXCEPTION 'no turn of conversation "%" is running', interrupt.conversation USING ERRCODE = 'AC003';
    END IF;
    PERFORM pg_notify('agentctl_interrupt', '');
    RETURN stopped;
END $$;
COMMENT ON FUNCTION agentctl.interrupt(text) IS 'Stops the turn that runs in a conversation, or that waits for a person; returns its number. What it has done stays. Fails with AC003 when no turn is running.';

CREATE FUNCTION agentctl.interrupted_leases(worker bigint) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT c.lease FROM agentctl.conversation_control AS c
    WHERE c.worker_id = interrupted_leases.worker AND c.state = 'running' AND c.cancel_seq > c.head_seq
$$;
COMMENT ON FUNCTION agentctl.interrupted_leases(bigint) IS 'The leases of a worker whose turns are to be stopped.';

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

REVOKE ALL ON FUNCTION agentctl.interrupt(text), agentctl.interrupted_leases(bigint), agentctl.events(text, bigint, integer) FROM PUBLIC;
INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES
    ('agentctl_client', 'function', 'agentctl.interrupt(text)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.events(text, bigint, integer)', 'EXECUTE');
SELECT agentctl.grant_roles();
