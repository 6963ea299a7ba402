-- Somebody has deleted a row. Claimed again and again, the conversation would never come to the rows behind it.
CREATE OR REPLACE FUNCTION agentctl.skip_missing_submissions(conversations text[]) RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    gap record;
    skipped integer := 0;
BEGIN
    FOR gap IN
        SELECT c.conversation_id, c.head_seq + 1 AS seq, coalesce((
                   SELECT min(s.seq) FROM submission AS s
                   WHERE s.conversation_id = c.conversation_id AND s.seq > c.head_seq) - 1, c.tail_seq) AS through,
               (SELECT max(e.number) FROM event AS e WHERE e.conversation_id = c.conversation_id) AS last_event
        FROM conversation_control AS c
        WHERE c.conversation_id = ANY (skip_missing_submissions.conversations) AND c.state = 'running'
          AND NOT EXISTS (SELECT FROM submission AS s
                          WHERE s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1)
    LOOP
        DELETE FROM turn_progress AS p WHERE p.conversation_id = gap.conversation_id;
        UPDATE conversation_control AS c
        SET head_seq = gap.through, state = CASE WHEN c.tail_seq > gap.through THEN 'ready' ELSE 'idle' END::conversation_state,
            ready_at = CASE WHEN c.tail_seq > gap.through THEN clock_timestamp() END, lease = NULL, worker_id = NULL,
            attempt = 0, generation = 0, has_progress = false, awaited = 0, told = 0,
            last_event = greatest(c.last_event, gap.last_event, 0) + 1
        WHERE c.conversation_id = gap.conversation_id
        RETURNING c.last_event INTO gap.last_event;
        INSERT INTO event (conversation_id, number, seq, type, data)
        VALUES (gap.conversation_id, gap.last_event, gap.seq, 'error', jsonb_build_object('code', 'submission_missing',
            'message', format('the submission %s/%s is not there; it is passed over', gap.conversation_id, gap.seq)));
        skipped := skipped + 1;
    END LOOP;
    RETURN skipped;
END $$;
COMMENT ON FUNCTION agentctl.skip_missing_submissions(text[]) IS
    'Passes over submissions of claimed conversations whose rows are missing; returns how many. Internal: claim() '
    'calls it.';
REVOKE ALL ON FUNCTION agentctl.skip_missing_submissions(text[]) FROM PUBLIC;
