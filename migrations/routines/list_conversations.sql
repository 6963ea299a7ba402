-- Planned for what is asked: each page is a part of an index, whatever is left out. The view of a caller's own
-- conversations has a barrier, behind which no order is known: a page of it would be as long as all of them.
CREATE OR REPLACE FUNCTION agentctl.list_conversations(
    maximum integer DEFAULT 100, after text DEFAULT NULL, state text DEFAULT NULL, agent text DEFAULT NULL,
    prefix text DEFAULT NULL, created_by text DEFAULT NULL, since timestamptz DEFAULT NULL
) RETURNS SETOF json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off
    SET enable_seqscan = off SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    account text := agentctl.account_name();
    reads_all boolean := agentctl.may_read_all();
    -- Whose conversations are looked through; NULL for those of all.
    person text := CASE WHEN reads_all THEN list_conversations.created_by ELSE account END;
    own_prefix text := CASE WHEN list_conversations.prefix IS NOT NULL
        THEN agentctl.conversation_id(list_conversations.prefix) END;
    last record;
    -- The conversations in the state that is asked for.
    held text[];
BEGIN
    IF maximum IS NULL OR maximum < 1 THEN
        RAISE EXCEPTION 'a page has at least one conversation' USING ERRCODE = 'AC001';
    END IF;
    IF NOT reads_all AND list_conversations.created_by <> account THEN
        RETURN;
    END IF;
    IF list_conversations.after IS NOT NULL THEN
        SELECT v.created_at, v.id INTO last FROM conversation AS v
        WHERE v.id IN (list_conversations.after, agentctl.conversation_id(list_conversations.after))
          AND (reads_all OR v.created_by = account)
        ORDER BY v.id = list_conversations.after LIMIT 1;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no conversation "%"', list_conversations.after USING ERRCODE = 'AC002';
        END IF;
    ELSE
        SELECT 'infinity'::timestamptz AS created_at, '' AS id INTO last;
    END IF;
    -- What is done now is little, and in a list of its own.
    IF list_conversations.state IN ('ready', 'running', 'waiting', 'parked') THEN
        IF pg_is_in_recovery() THEN
            -- A standby cannot read the list of work.
            held := ARRAY(
                SELECT h.conversation_id FROM conversation_control AS h WHERE h.state::text = list_conversations.state);
        ELSE
            held := ARRAY(SELECT w.conversation_id FROM work_list AS w WHERE w.state::text = list_conversations.state);
        END IF;
        IF held = '{}' THEN
            RETURN;
        END IF;
        RETURN QUERY
        SELECT row_to_json(c) FROM conversations AS c
        WHERE c.conversation_id = ANY (held)
          AND c.state = list_conversations.state
          AND (c.created_at, c.conversation_id) < (last.created_at, last.id)
          AND (person IS NULL OR c.created_by = person)
          AND (list_conversations.since IS NULL OR c.created_at >= list_conversations.since)
          AND (list_conversations.agent IS NULL OR c.agent = list_conversations.agent)
          AND (list_conversations.prefix IS NULL OR starts_with(c.conversation_id, list_conversations.prefix)
              OR starts_with(c.conversation_id, own_prefix))
        ORDER BY c.created_at DESC, c.conversation_id DESC
        LIMIT maximum;
        RETURN;
    END IF;
    RETURN QUERY
    SELECT row_to_json(c) FROM conversations AS c
    WHERE (c.created_at, c.conversation_id) < (last.created_at, last.id)
      AND (person IS NULL OR c.created_by = person)
      AND (list_conversations.since IS NULL OR c.created_at >= list_conversations.since)
      AND (list_conversations.state IS NULL OR c.state = list_conversations.state)
      AND (list_conversations.agent IS NULL OR c.agent = list_conversations.agent)
      AND (list_conversations.prefix IS NULL OR starts_with(c.conversation_id, list_conversations.prefix)
          OR starts_with(c.conversation_id, own_prefix))
    ORDER BY c.created_at DESC, c.conversation_id DESC
    LIMIT maximum;
END $$;
COMMENT ON FUNCTION agentctl.list_conversations(integer, text, text, text, text, text, timestamptz) IS
    'A page of conversations as agentctl.conversations has them, the newest first: after one, in a state, of an agent, '
    'with a prefix of their ids, of an account, begun since. For readers those of all, for others their own. Fails '
    'with AC002 when there is none to go on after.';
REVOKE ALL ON FUNCTION agentctl.list_conversations(integer, text, text, text, text, text, timestamptz) FROM PUBLIC;
