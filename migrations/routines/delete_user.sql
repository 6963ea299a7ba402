CREATE OR REPLACE FUNCTION agentctl.delete_user(owner text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '5s' AS $$
#variable_conflict use_column
DECLARE
    family text[];
    calls uuid[];
    busy bigint;
    dropped bigint;
    deleted jsonb;
    part record;
    rows bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM account AS a WHERE a.name = delete_user.owner) THEN
        RAISE EXCEPTION 'there is no user "%"', delete_user.owner USING ERRCODE = 'AC002',
            HINT = 'See the names in agentctl.account.';
    END IF;
    -- What waits for other tasks must not begin meanwhile: its conversation would not be in the family.
    PERFORM FROM task AS t
    WHERE t.created_by = delete_user.owner AND t.conversation_id IS NULL AND t.finished_at IS NULL
    ORDER BY t.id FOR NO KEY UPDATE;
    family := agentctl.lock_family(ARRAY(SELECT v.id FROM conversation AS v WHERE v.created_by = delete_user.owner));
    PERFORM FROM function_queue AS q JOIN function_request AS r ON r.id = q.id
    WHERE r.created_by = delete_user.owner ORDER BY q.id FOR UPDATE OF q;
    SELECT q.id INTO busy FROM function_queue AS q JOIN function_request AS r ON r.id = q.id
    WHERE r.created_by = delete_user.owner AND q.lease IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'call % of user "%" is running', busy, delete_user.owner USING ERRCODE = 'AC003',
            HINT = 'Wait for its end.';
    END IF;
    deleted := agentctl.erase_conversations(family);

    -- Tasks that have no conversation yet: what depends on them is given up with them.
    FOR dropped IN
        UPDATE task AS t SET state = 'cancelled', error_code = 'interrupted', finished_at = clock_timestamp()
        WHERE t.created_by = delete_user.owner AND t.finished_at IS NULL RETURNING t.id
    LOOP
        PERFORM agentctl.release_dependents(dropped);
    END LOOP;
    calls := ARRAY(SELECT c.id FROM function_call AS c
        WHERE c.called_by = delete_user.owner AND c.conversation_id IS NULL
           OR c.request_id IN (SELECT r.id FROM function_request AS r WHERE r.created_by = delete_user.owner));
    FOR part IN SELECT * FROM (VALUES
        ('tasks', 'DELETE FROM agentctl.task WHERE created_by = $1'),
        ('plans', 'DELETE FROM agentctl.plan WHERE created_by = $1'),
        ('security_events', 'DELETE FROM agentctl.security_event WHERE function_call_id = ANY ($2)'),
        ('function_calls', 'DELETE FROM agentctl.function_call WHERE id = ANY ($2)'),
        ('function_requests', 'DELETE FROM agentctl.function_request WHERE created_by = $1'),
        ('hook_deliveries', 'DELETE FROM agentctl.hook_delivery WHERE finished_at IS NOT NULL '
            'AND body #>> ''{data,conversation}'' = ANY ($3)')) AS p (name, statement)
    LOOP
        EXECUTE part.statement USING delete_user.owner, calls, family;
        GET DIAGNOSTICS rows = ROW_COUNT;
        deleted := deleted || jsonb_build_object(part.name, rows + coalesce((deleted ->> part.name)::bigint, 0));
    END LOOP;
    RETURN deleted;
END $$;
COMMENT ON FUNCTION agentctl.delete_user(text) IS
    'Deletes all that a database user began: conversations with all that belongs to them, tasks, plans, calls of '
    'functions; returns how many rows of each kind. What the user registered, and what the user said in others'' '
    'conversations, stays. All or nothing: fails with AC003 while one of the turns or calls is running, '
    'and with AC002 when there is no such account.';
REVOKE ALL ON FUNCTION agentctl.delete_user(text) FROM PUBLIC;
