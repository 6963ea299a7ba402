-- A standby cannot read an unlogged table.
CREATE OR REPLACE FUNCTION agentctl.under_way(worker bigint DEFAULT NULL) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
BEGIN
    IF pg_is_in_recovery() THEN
        RETURN ARRAY(
            SELECT c.conversation_id FROM conversation_control AS c
            WHERE CASE WHEN under_way.worker IS NULL THEN c.state IN ('running', 'waiting', 'parked')
                ELSE c.state = 'running' AND c.worker_id = under_way.worker END);
    ELSIF under_way.worker IS NOT NULL THEN
        RETURN ARRAY(
            SELECT w.conversation_id FROM work_list AS w
            WHERE w.state = 'running' AND w.worker_id = under_way.worker);
    END IF;
    RETURN ARRAY(
        SELECT w.conversation_id FROM work_list AS w
        WHERE w.state IN ('running', 'waiting', 'parked'));
END $$;
COMMENT ON FUNCTION agentctl.under_way(bigint) IS
    'The conversations that a worker holds, or all that run, wait or are parked. Internal.';
REVOKE ALL ON FUNCTION agentctl.under_way(bigint) FROM PUBLIC;
