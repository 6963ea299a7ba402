CREATE OR REPLACE FUNCTION agentctl.signals(worker bigint)
    RETURNS TABLE (lease uuid, is_interrupted boolean, is_steered boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT c.lease, c.cancel_seq > c.head_seq, c.steer_seq > c.head_seq
    FROM work_list AS w
    JOIN conversation_control AS c ON c.conversation_id = w.conversation_id
    WHERE w.worker_id = signals.worker AND w.state = 'running'
      AND c.worker_id = signals.worker AND c.state = 'running'
      AND (c.cancel_seq > c.head_seq OR c.steer_seq > c.head_seq);
END $$;
COMMENT ON FUNCTION agentctl.signals(bigint) IS
    'The turns of a worker that are to be stopped, and those that a message was sent into.';
REVOKE ALL ON FUNCTION agentctl.signals(bigint) FROM PUBLIC;
