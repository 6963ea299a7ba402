-- Gives a claimed conversation back unprocessed: a worker that drains, or a command that was interrupted before it
-- began.
CREATE OR REPLACE FUNCTION agentctl.release(conversation text, lease uuid, counts boolean DEFAULT false) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
BEGIN
    UPDATE conversation_control AS c
    SET state = 'ready', ready_at = clock_timestamp(), lease = NULL, worker_id = NULL,
        attempt = c.attempt - CASE WHEN release.counts THEN 0 ELSE 1 END
    WHERE c.conversation_id = release.conversation AND c.lease = release.lease AND c.state = 'running';
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.release(text, uuid, boolean) IS
    'Gives a claimed conversation back, as if it had not been claimed; with counts, the claim stays one of the '
    'max_attempts. Fails with 55P03 like finish().';
REVOKE ALL ON FUNCTION agentctl.release(text, uuid, boolean) FROM PUBLIC;
