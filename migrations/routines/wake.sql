CREATE OR REPLACE FUNCTION agentctl.wake() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    woken integer;
BEGIN
    -- One time for the whole statement, so that the indexes are read up to it.
    UPDATE approval AS a SET state = 'expired'
    WHERE a.id = ANY (ARRAY(
        SELECT late.id FROM approval AS late
        WHERE late.state = 'pending' AND late.expires_at <= statement_timestamp()
        ORDER BY late.expires_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED));
    UPDATE conversation_control AS c SET state = 'ready', ready_at = clock_timestamp(), wake_at = NULL
    WHERE c.conversation_id = ANY (ARRAY(
        SELECT w.conversation_id FROM work_list AS w
        JOIN conversation_control AS o ON o.conversation_id = w.conversation_id
        WHERE w.state IN ('waiting', 'parked') AND w.wake_at <= statement_timestamp()
          AND o.state IN ('waiting', 'parked') AND o.wake_at <= statement_timestamp()
        ORDER BY w.wake_at LIMIT 1000 FOR NO KEY UPDATE OF o SKIP LOCKED));
    GET DIAGNOSTICS woken = ROW_COUNT;
    -- What a worker that was lost would have done, and what was too much for one end of a task.
    PERFORM agentctl.release_pending();
    PERFORM agentctl.requeue_moved();
    RETURN woken + agentctl.tell_parents();
END $$;
COMMENT ON FUNCTION agentctl.wake() IS
    'Makes conversations ready whose time has come, tells turns of tasks that have ended (tell_parents), releases '
    'pending tasks that are due (release_pending), and has what waits for agents whose queue has changed follow them '
    '(requeue_moved); returns how many turns.';
REVOKE ALL ON FUNCTION agentctl.wake() FROM PUBLIC;
