CREATE OR REPLACE FUNCTION agentctl.erase_user(user_id text, account text DEFAULT NULL, dry_run boolean DEFAULT false)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '5s' AS $$
#variable_conflict use_column
DECLARE
    family text[];
    deleted jsonb;
    memories bigint;
    blocks bigint;
BEGIN
    erase_user.account := coalesce(erase_user.account, agentctl.account_name());
    IF dry_run THEN
        -- What it comes to is known when it is done, and then it is undone.
        BEGIN
            deleted := agentctl.erase_user(erase_user.user_id, erase_user.account);
            RAISE EXCEPTION USING ERRCODE = 'AC006', MESSAGE = deleted::text;
        EXCEPTION WHEN SQLSTATE 'AC006' THEN
            RETURN SQLERRM::jsonb;
        END;
    END IF;
    IF NOT EXISTS (
            SELECT FROM conversation AS v WHERE (v.created_by, v.user_id) = (erase_user.account, erase_user.user_id))
        AND NOT EXISTS (
            SELECT FROM memory_scope AS s WHERE (s.account, s.user_id) = (erase_user.account, erase_user.user_id))
        AND NOT EXISTS (
            SELECT FROM memory_block AS b WHERE (b.account, b.user_id) = (erase_user.account, erase_user.user_id))
    THEN
        RAISE EXCEPTION 'account "%" has no user "%"', erase_user.account, erase_user.user_id USING ERRCODE = 'AC002';
    END IF;
    PERFORM pg_advisory_xact_lock(agentctl.user_lock_key(erase_user.account, erase_user.user_id));
    family := agentctl.lock_family(ARRAY(SELECT v.id FROM conversation AS v
        WHERE (v.created_by, v.user_id) = (erase_user.account, erase_user.user_id)));
    -- Also what was learned in them for others: it is about this user.
    DELETE FROM memory AS m USING memory_scope AS s
    WHERE s.id = m.scope_id AND ((s.account, s.user_id) = (erase_user.account, erase_user.user_id)
        OR m.source_conversation = ANY (family));
    GET DIAGNOSTICS memories = ROW_COUNT;
    deleted := agentctl.erase_conversations(family);
    DELETE FROM memory_scope AS s WHERE (s.account, s.user_id) = (erase_user.account, erase_user.user_id);
    DELETE FROM memory_block AS b WHERE (b.account, b.user_id) = (erase_user.account, erase_user.user_id);
    GET DIAGNOSTICS blocks = ROW_COUNT;
    DELETE FROM hook_delivery AS d
    WHERE d.finished_at IS NOT NULL AND d.body #>> '{data,conversation}' = ANY (family);
    RETURN deleted || jsonb_build_object('memories', memories + coalesce((deleted ->> 'memories')::bigint, 0),
        'memory_blocks', blocks + coalesce((deleted ->> 'memory_blocks')::bigint, 0));
END $$;
COMMENT ON FUNCTION agentctl.erase_user(text, text, boolean) IS
    'Deletes all of a user of an application: conversations with all that belongs to them, what was learned in them '
    'for whomever, memories and blocks; returns how many rows of each kind. account is the database user of the '
    'application, the caller without it. dry_run returns the same and changes nothing. All or nothing: fails with '
    'AC003 while one of the turns is running, with AC002 when there is no such user. For owners.';
REVOKE ALL ON FUNCTION agentctl.erase_user(text, text, boolean) FROM PUBLIC;
