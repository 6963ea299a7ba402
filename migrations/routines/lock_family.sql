CREATE OR REPLACE FUNCTION agentctl.lock_family(conversations text[]) RETURNS text[]
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    family text[] := conversations;
    known integer;
    busy text;
BEGIN
    -- A turn may have delegated before its row was locked.
    LOOP
        family := agentctl.conversation_family(family);
        EXIT WHEN cardinality(family) = known;
        known := cardinality(family);
        PERFORM FROM conversation_control AS c WHERE c.conversation_id = ANY (family)
        ORDER BY c.conversation_id FOR UPDATE;
    END LOOP;
    -- A worker that is gone has dropped its turn.
    SELECT c.conversation_id INTO busy FROM conversation_control AS c
    JOIN worker AS w ON w.id = c.worker_id AND w.state IN ('active', 'draining')
        AND w.heartbeat_at > clock_timestamp() - make_interval(secs => w.time_to_live)
    WHERE c.conversation_id = ANY (family) AND c.state = 'running'
    ORDER BY c.conversation_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a turn of conversation "%" is running', busy USING ERRCODE = 'AC003',
            HINT = 'Interrupt it first: agentctl.interrupt(), or agentctl interrupt ID; then delete it.';
    END IF;
    RETURN family;
END $$;
COMMENT ON FUNCTION agentctl.lock_family(text[]) IS
    'Locks conversations and those of their tasks, and returns all of them. Fails with AC003 while a worker runs a '
    'turn of one. Internal: delete_conversation() and delete_user() call it.';
REVOKE ALL ON FUNCTION agentctl.lock_family(text[]) FROM PUBLIC;
