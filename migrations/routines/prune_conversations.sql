-- So many conversations are looked at in one transaction, in the order of their ids: a long one would slow down the
-- claiming of work. What another session has locked is in use.
CREATE OR REPLACE FUNCTION agentctl.prune_conversations(
    older_than interval, after text DEFAULT '', maximum integer DEFAULT 1000, dry_run boolean DEFAULT false
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    before timestamptz := agentctl.prune_time(older_than);
    page text[];
    candidate text;
    family text[];
    locked integer;
    doomed text[] := '{}';
    deleted jsonb := '{}';
BEGIN
    page := ARRAY(SELECT v.id FROM conversation AS v WHERE v.id > prune_conversations.after
                  ORDER BY v.id LIMIT prune_conversations.maximum);
    FOR candidate IN
        SELECT v.id FROM conversation AS v
        JOIN conversation_control AS c ON c.conversation_id = v.id AND c.state = 'idle'
        LEFT JOIN submission AS s ON s.conversation_id = v.id AND s.seq = c.tail_seq
        WHERE v.id = ANY (page) AND v.created_at < before AND (s.created_at < before OR s.created_at IS NULL)
          -- That of a task goes with its parent.
          AND NOT EXISTS (
              SELECT FROM submission AS o JOIN task AS t ON t.id = o.task_id
              WHERE o.conversation_id = v.id AND o.seq = 1 AND t.parent_conversation_id IS NOT NULL)
    LOOP
        family := agentctl.conversation_family(ARRAY[candidate]);
        CONTINUE WHEN family && doomed OR NOT agentctl.is_at_rest(family, before);
        PERFORM FROM conversation_control AS c WHERE c.conversation_id = ANY (family)
        ORDER BY c.conversation_id FOR UPDATE SKIP LOCKED;
        GET DIAGNOSTICS locked = ROW_COUNT;
        CONTINUE WHEN locked < cardinality(family) OR NOT agentctl.is_at_rest(family, before);
        doomed := doomed || family;
    END LOOP;
    IF cardinality(doomed) > 0 THEN
        BEGIN
            deleted := agentctl.erase_conversations(doomed);
            IF dry_run THEN
                RAISE EXCEPTION 'rehearsed' USING ERRCODE = 'AC099';
            END IF;
        EXCEPTION WHEN SQLSTATE 'AC099' THEN
            NULL;
        END;
    END IF;
    RETURN jsonb_build_object('next', CASE WHEN cardinality(page) = prune_conversations.maximum
        THEN page[cardinality(page)] END, 'deleted', deleted);
END $$;
COMMENT ON FUNCTION agentctl.prune_conversations(interval, text, integer, boolean) IS
    'Deletes those of the next conversations after an id in which nothing is unfinished and nothing has happened for '
    'so long, as delete_conversation() does; looks at so many at most. Returns {next, deleted}: where to go on, null '
    'at the end, and how many rows of each kind. With dry_run nothing is deleted.';
REVOKE ALL ON FUNCTION agentctl.prune_conversations(interval, text, integer, boolean) FROM PUBLIC;
