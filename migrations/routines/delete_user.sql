-- replaces: delete_user(text)
CREATE OR REPLACE FUNCTION agentctl.delete_user(owner text, dry_run boolean DEFAULT false) RETURNS jsonb
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
    statement text;
    rows bigint;
    named bigint := 0;
BEGIN
    IF delete_user.dry_run THEN
        -- What it comes to is known when it is done, and then it is undone.
        BEGIN
            deleted := agentctl.delete_user(delete_user.owner);
            RAISE EXCEPTION USING ERRCODE = 'AC006', MESSAGE = deleted::text;
        EXCEPTION WHEN SQLSTATE 'AC006' THEN
            RETURN SQLERRM::jsonb;
        END;
    END IF;
    IF NOT EXISTS (SELECT FROM account AS a WHERE a.name = delete_user.owner) THEN
        RAISE EXCEPTION 'there is no user "%"', delete_user.owner USING ERRCODE = 'AC002',
            HINT = coalesce('Did you mean ' || agentctl.nearest(delete_user.owner, ARRAY(
                SELECT a.name FROM account AS a)) || '?', 'See the names in agentctl.account.');
    END IF;
    -- What is begun from here on, while this waits for locks, stays as a whole.
    SELECT ARRAY(SELECT t.id FROM task AS t WHERE t.created_by = delete_user.owner),
           ARRAY(SELECT p.id FROM plan AS p WHERE p.created_by = delete_user.owner),
           ARRAY(SELECT r.id FROM function_request AS r WHERE r.created_by = delete_user.owner)
    INTO tasks, plans, requests;
    -- The rows of conversations come before those of tasks, as at the end of a turn that lets tasks begin.
    PERFORM agentctl.lock_family(ARRAY(SELECT v.id FROM conversation AS v WHERE v.created_by = delete_user.owner));
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
    PERFORM agentctl.roll_up_conversations('{}', tasks, calls);
    FOR part IN SELECT * FROM (VALUES
        ('tasks', 'DELETE FROM agentctl.task WHERE id = ANY ($1)'),
        ('plans', 'DELETE FROM agentctl.plan WHERE id = ANY ($2)'),
        ('security_events', 'DELETE FROM agentctl.security_event WHERE function_call_id = ANY ($3)'),
        ('function_calls', 'DELETE FROM agentctl.function_call WHERE id = ANY ($3)'),
        ('memory_blocks', 'DELETE FROM agentctl.memory_block WHERE account = $6'),
        ('function_requests', 'DELETE FROM agentctl.function_request WHERE id = ANY ($4)'),
        ('hook_deliveries', 'DELETE FROM agentctl.hook_delivery WHERE finished_at IS NOT NULL '
            'AND body #>> ''{data,conversation}'' = ANY ($5)')) AS p (name, statement)
    LOOP
        EXECUTE part.statement USING tasks, plans, calls, requests, family, delete_user.owner;
        GET DIAGNOSTICS rows = ROW_COUNT;
        deleted := deleted || jsonb_build_object(part.name, rows + coalesce((deleted ->> part.name)::bigint, 0));
    END LOOP;
    DELETE FROM memory AS m USING memory_scope AS s WHERE s.id = m.scope_id AND s.account = delete_user.owner;
    GET DIAGNOSTICS rows = ROW_COUNT;
    deleted := deleted || jsonb_build_object('memories', rows + coalesce((deleted ->> 'memories')::bigint, 0));
    DELETE FROM memory_scope AS s WHERE s.account = delete_user.owner;
    -- What belongs to others keeps what was said and decided, and not by whom.
    FOREACH statement IN ARRAY ARRAY[
        'UPDATE agentctl.approval SET decided_by = $2 WHERE decided_by = $1',
        'UPDATE agentctl.submission SET created_by = $2 WHERE created_by = $1',
        'UPDATE agentctl.plan SET approved_by = $2 WHERE approved_by = $1',
        'UPDATE agentctl.plan_revision SET created_by = $2 WHERE created_by = $1',
        'UPDATE agentctl.memory SET written_by = $2 WHERE written_by = $1',
        'UPDATE agentctl.memory_version SET written_by = $2 WHERE written_by = $1',
        'UPDATE agentctl.memory_block_version SET created_by = $2 WHERE created_by = $1',
        'UPDATE agentctl.schedule_run SET requested_by = $2 WHERE requested_by = $1',
        'UPDATE agentctl.use_grant SET granted_by = $2 WHERE granted_by = $1',
        'UPDATE agentctl.event SET data = data || jsonb_build_object(''by'', $2) '
            'WHERE type IN (''approval_decided'', ''call_resolved'') AND data ->> ''by'' = $1']
    LOOP
        EXECUTE statement USING delete_user.owner, 'deleted user';
        GET DIAGNOSTICS rows = ROW_COUNT;
        named := named + rows;
    END LOOP;
    -- Versions of definitions are immutable, and schedules act for who registered them.
    DELETE FROM account AS a
    WHERE a.name = delete_user.owner
      AND NOT EXISTS (SELECT FROM definition_version AS v WHERE v.created_by = delete_user.owner)
      AND NOT EXISTS (SELECT FROM conversation AS v WHERE v.created_by = delete_user.owner)
      AND NOT EXISTS (SELECT FROM task AS t WHERE t.created_by = delete_user.owner)
      AND NOT EXISTS (SELECT FROM plan AS p WHERE p.created_by = delete_user.owner)
      AND NOT EXISTS (SELECT FROM function_request AS r WHERE r.created_by = delete_user.owner);
    GET DIAGNOSTICS rows = ROW_COUNT;
    RETURN deleted || jsonb_build_object('names', named, 'accounts', rows);
END $$;
COMMENT ON FUNCTION agentctl.delete_user(text, boolean) IS
    'Deletes all that a database user began: conversations with all that belongs to them, memories, tasks, plans, '
    'calls of functions; returns how many rows of each kind. What the user said and decided in others'' conversations stays, '
    'as by "deleted user" (names: how many rows). What the user registered stays, and so does what the user begins '
    'while this waits for locks, and with either the account; otherwise the account goes. dry_run returns the same '
    'and changes nothing. All or nothing: fails with AC003 while one of the turns or calls is running, and with AC002 '
    'when there is no such account.';
REVOKE ALL ON FUNCTION agentctl.delete_user(text, boolean) FROM PUBLIC;
