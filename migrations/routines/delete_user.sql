CREATE OR REPLACE FUNCTION agentctl.delete_user(owner text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '5s' AS $$
#variable_conflict use_column
DECLARE
    tasks bigint[];
    plans bigint[];
    requests bigint[];
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
    -- What is begun from here on, while this waits for locks, stays as a whole.
    SELECT ARRAY(SELECT t.id FROM task AS t WHERE t.created_by = delete_user.owner),
           ARRAY(SELECT p.id FROM plan AS p WHERE p.created_by = delete_user.owner),
           ARRAY(SELECT r.id FROM function_request AS r WHERE r.created_by = delete_user.owner)
    INTO tasks, plans, requests;
    -- What waits for other tasks must not begin meanwhile: its conversation would not be in the family.
    PERFORM FROM task AS t
    WHERE t.id = ANY (tasks) AND t.conversation_id IS NULL AND t.finished_at IS NULL
    ORDER BY t.id FOR NO KEY UPDATE;
    family := agentctl.lock_family(ARRAY(SELECT v.id FROM conversation AS v WHERE v.created_by = delete_user.owner));
    PERFORM FROM function_queue AS q WHERE q.id = ANY (requests) ORDER BY q.id FOR UPDATE;
    SELECT q.id INTO busy FROM function_queue AS q WHERE q.id = ANY (requests) AND q.lease IS NOT NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'call % of user "%" is running', busy, delete_user.owner USING ERRCODE = 'AC003',
            HINT = 'Wait for its end.';
    END IF;
    deleted := agentctl.erase_conversations(family);

    -- Tasks that have no conversation yet: what depends on them is given up with them.
    FOR dropped IN
        UPDATE task AS t SET state = 'cancelled', error_code = 'interrupted', finished_at = clock_timestamp()
        WHERE t.id = ANY (tasks) AND t.finished_at IS NULL RETURNING t.id
    LOOP
        PERFORM agentctl.release_dependents(dropped);
    END LOOP;
    calls := ARRAY(SELECT c.id FROM function_call AS c
        WHERE c.called_by = delete_user.owner AND c.conversation_id IS NULL AND c.request_id IS NULL
           OR c.request_id = ANY (requests));
    FOR part IN SELECT * FROM (VALUES
        ('tasks', 'DELETE FROM agentctl.task WHERE id = ANY ($1)'),
        ('plans', 'DELETE FROM agentctl.plan WHERE id = ANY ($2)'),
        ('security_events', 'DELETE FROM agentctl.security_event WHERE function_call_id = ANY ($3)'),
        ('function_calls', 'DELETE FROM agentctl.function_call WHERE id = ANY ($3)'),
        ('function_requests', 'DELETE FROM agentctl.function_request WHERE id = ANY ($4)'),
        ('hook_deliveries', 'DELETE FROM agentctl.hook_delivery WHERE finished_at IS NOT NULL '
            'AND body #>> ''{data,conversation}'' = ANY ($5)')) AS p (name, statement)
    LOOP
        EXECUTE part.statement USING tasks, plans, calls, requests, family;
        GET DIAGNOSTICS rows = ROW_COUNT;
        deleted := deleted || jsonb_build_object(part.name, rows + coalesce((deleted ->> part.name)::bigint, 0));
    END LOOP;
    RETURN deleted;
END $$;
COMMENT ON FUNCTION agentctl.delete_user(text) IS
    'Deletes all that a database user has begun: conversations with all that belongs to them, tasks, plans, calls of '
    'functions; returns how many rows of each kind. What the user registered, what the user said in others'' '
    'conversations, and what the user begins while this waits for locks, stays. All or nothing: fails with AC003 while '
    'one of the turns or calls is running, and with AC002 when there is no such account.';
REVOKE ALL ON FUNCTION agentctl.delete_user(text) FROM PUBLIC;
