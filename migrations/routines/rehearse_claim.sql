-- What a turn is shown is decided in claim(), and asked there: what it takes for that is undone before this returns.
CREATE OR REPLACE FUNCTION agentctl.rehearse_claim(conversation text, turn bigint DEFAULT NULL, message text DEFAULT NULL)
RETURNS TABLE (
    conversation_id text, seq bigint, lease uuid, attempt smallint, operation text, body jsonb, agent text,
    epoch bigint, submitted_at timestamptz, last_message bigint, history jsonb, generation smallint, progress jsonb,
    settings jsonb, task jsonb, is_assumed boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    whole text := agentctl.own_conversation(rehearse_claim.conversation);
    stands record;
    first bigint;
    wanted bigint;
    rehearsed record;
BEGIN
    PERFORM agentctl.lock_conversation(whole);
    SELECT c.head_seq, c.tail_seq INTO stands FROM conversation_control AS c WHERE c.conversation_id = whole;
    wanted := coalesce(rehearse_claim.turn, stands.head_seq + 1);
    IF wanted <= stands.head_seq THEN
        SELECT t.first_message INTO first FROM turn AS t
        WHERE t.conversation_id = whole AND t.seq = wanted
          AND t.started_at >= (SELECT agentctl.turn_lower_bound(whole, wanted));
        IF NOT FOUND THEN
            PERFORM agentctl.require_records(whole, wanted);
            RAISE EXCEPTION 'submission %/% had no turn of its own', whole, wanted USING ERRCODE = 'AC003';
        END IF;
    ELSIF wanted > stands.tail_seq AND rehearse_claim.turn IS NOT NULL THEN
        RAISE EXCEPTION 'there is no submission %/%', whole, wanted USING ERRCODE = 'AC002';
    END IF;
    BEGIN
        IF wanted > stands.tail_seq THEN
            INSERT INTO submission (conversation_id, seq, body) VALUES (whole, wanted,
                jsonb_build_object('message', coalesce(rehearse_claim.message, '(the next message)')));
        END IF;
        IF wanted <= stands.head_seq THEN
            -- As it was then: what was undone and summarized later was shown.
            UPDATE message AS m SET undone_by = NULL WHERE m.conversation_id = whole AND m.undone_by > wanted;
            DELETE FROM compaction AS o WHERE o.conversation_id = whole AND o.created_by > wanted;
            UPDATE compaction AS o SET undone_by = NULL WHERE o.conversation_id = whole AND o.undone_by > wanted;
        END IF;
        UPDATE conversation_control AS c
        SET head_seq = wanted - 1, tail_seq = greatest(c.tail_seq, wanted), state = 'ready',
            ready_at = clock_timestamp(), lease = NULL, worker_id = NULL, attempt = 0,
            has_progress = c.has_progress AND wanted = stands.head_seq + 1,
            last_message = coalesce(first - 1, c.last_message)
        WHERE c.conversation_id = whole;
        INSERT INTO worker AS w (kind, host, process_id, release, slots) VALUES ('inline', '', 0, '', 1)
        RETURNING w.id INTO rehearsed;
        SELECT c.* INTO rehearsed FROM agentctl.claim(rehearsed.id, 1, whole) AS c;
        RAISE EXCEPTION 'rehearsed' USING ERRCODE = 'AC099';
    EXCEPTION WHEN SQLSTATE 'AC099' THEN NULL;
    END;
    RETURN QUERY SELECT rehearsed.conversation_id, rehearsed.seq, rehearsed.lease, rehearsed.attempt,
        rehearsed.operation, rehearsed.body, rehearsed.agent, rehearsed.epoch, rehearsed.submitted_at,
        rehearsed.last_message, rehearsed.history, rehearsed.generation, rehearsed.progress, rehearsed.settings,
        rehearsed.task, wanted > stands.tail_seq;
END $$;
COMMENT ON FUNCTION agentctl.rehearse_claim(text, bigint, text) IS
    'What claim() would return for the next turn of a conversation, or returned for a turn that has ended; nothing is '
    'claimed. Where nothing waits it is that of a message, which is_assumed. For owners and workers.';
REVOKE ALL ON FUNCTION agentctl.rehearse_claim(text, bigint, text) FROM PUBLIC;
