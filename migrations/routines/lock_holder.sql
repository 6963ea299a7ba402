CREATE OR REPLACE FUNCTION agentctl.lock_holder(conversation text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    -- The row's xmax is the transaction that holds it, and each transaction holds a lock on its own number.
    RETURN (
        SELECT format('process %s of user %s', a.pid, a.usename)
            || coalesce(' (' || nullif(a.application_name, '') || ')', '')
            || coalesce(', whose transaction began '
                || round(extract(epoch FROM clock_timestamp() - a.xact_start)) || ' s ago', '')
        FROM conversation_control AS c
        JOIN pg_locks AS l ON l.locktype = 'transactionid' AND l.granted AND l.transactionid = c.xmax
        JOIN pg_stat_activity AS a ON a.pid = l.pid
        WHERE c.conversation_id = lock_holder.conversation LIMIT 1);
END $$;
COMMENT ON FUNCTION agentctl.lock_holder(text) IS
    'Which session''s open transaction holds a conversation''s row, in words; NULL when none does, or it is not known. '
    'Internal: lock_conversation() and workers call it.';
REVOKE ALL ON FUNCTION agentctl.lock_holder(text) FROM PUBLIC;
