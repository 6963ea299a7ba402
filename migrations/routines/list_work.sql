-- A crash of the server empties an unlogged table. What is added meanwhile keeps its own entry; a row that a transaction
-- holds is left to the next call, as it may change without one.
CREATE OR REPLACE FUNCTION agentctl.list_work() RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    added integer;
BEGIN
    IF EXISTS (SELECT FROM work_list AS w WHERE w.conversation_id = '') THEN
        RETURN 0;
    END IF;
    WITH missing AS MATERIALIZED (
        SELECT c.* FROM conversation_control AS c
        WHERE c.state <> 'idle'
          AND NOT EXISTS (SELECT FROM work_list AS w WHERE w.conversation_id = c.conversation_id)
        FOR NO KEY UPDATE OF c SKIP LOCKED
    )
    INSERT INTO work_list
    SELECT m.conversation_id, m.state, m.priority, m.queue_key, m.account_key, m.lane, m.ready_at, m.worker_id,
           m.wake_at
    FROM missing AS m
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    INSERT INTO work_list
    SELECT '', 'idle', 0, 0, 0, 0
    WHERE NOT EXISTS (
        SELECT FROM conversation_control AS c
        WHERE c.state <> 'idle'
          AND NOT EXISTS (SELECT FROM work_list AS w WHERE w.conversation_id = c.conversation_id))
    ON CONFLICT DO NOTHING;
    IF added > 0 THEN
        PERFORM pg_notify('agentctl_ready', '');
    END IF;
    RETURN added;
END $$;
COMMENT ON FUNCTION agentctl.list_work() IS
    'Fills work_list after a crash of the server; returns how many conversations were missing. One probe otherwise. '
    'Internal: reap() calls it, and claim() when it finds nothing.';
REVOKE ALL ON FUNCTION agentctl.list_work() FROM PUBLIC;
