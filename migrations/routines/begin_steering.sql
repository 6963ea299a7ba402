-- A message for the turn in progress is a submission like any other: a turn that ends without having taken it up leaves
-- it to be answered in its turn, so that it is never lost.
CREATE OR REPLACE FUNCTION agentctl.begin_steering(conversation text, seq bigint, agent text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE conversation_control AS c SET steer_seq = begin_steering.seq
    WHERE c.conversation_id = begin_steering.conversation
      AND (c.state IN ('running', 'waiting', 'parked') OR c.has_progress)
      AND EXISTS (
        SELECT FROM submission AS s JOIN conversation AS v ON v.id = s.conversation_id
        WHERE s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1
          AND s.operation IN ('user_input', 'steer')
          AND s.taken_by IS NULL AND coalesce(begin_steering.agent, s.agent, v.agent) = coalesce(s.agent, v.agent));
    IF FOUND THEN
        PERFORM pg_notify('agentctl_signal', '');
    END IF;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.begin_steering(text, bigint, text) IS
    'Tells the turn in progress that a submission is for it; false when there is none, or another agent''s. Internal: '
    'steer() and submit() call it.';
REVOKE ALL ON FUNCTION agentctl.begin_steering(text, bigint, text) FROM PUBLIC;
