CREATE OR REPLACE FUNCTION agentctl.next_priority(after integer, besides agentctl.worked_off[]) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    known integer := 32768;
BEGIN
    IF cardinality(besides) > 0 THEN
        known := coalesce((SELECT min(w.priority) FROM unnest(besides) AS w WHERE w.priority > after), known);
    END IF;
    RETURN coalesce((
        SELECT c.priority FROM conversation_control AS c
        WHERE c.state = 'ready' AND c.priority > next_priority.after AND c.priority < known
        ORDER BY c.priority, c.account_key, c.lane, c.ready_at, c.conversation_id LIMIT 1), nullif(known, 32768));
END $$;
COMMENT ON FUNCTION agentctl.next_priority(integer, agentctl.worked_off[]) IS
    'The next priority of which something may be ready; NULL for none. Internal: lock_ready() calls it.';
REVOKE ALL ON FUNCTION agentctl.next_priority(integer, agentctl.worked_off[]) FROM PUBLIC;
