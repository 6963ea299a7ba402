-- replaces: claim(bigint, integer, text)
-- Claims up to that many conversations for a worker. The lock is taken in one statement and everything else is read in
-- another, whose snapshot is newer than the lock: else a conversation that another worker finished meanwhile would be
-- read as it was before. The number of conversations is all that a plan for given values would know better, and making
-- one takes longer than running it.
CREATE OR REPLACE FUNCTION agentctl.claim(worker bigint, maximum integer, conversation text DEFAULT NULL)
RETURNS TABLE (
    conversation_id text, seq bigint, lease uuid, attempt smallint, operation text, body jsonb, agent text,
    epoch bigint, submitted_at timestamptz, last_message bigint, history jsonb, generation smallint, progress jsonb,
    settings jsonb, task jsonb
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    claimed text[];
    returned integer;
BEGIN
    -- A worker that was counted as lost gets no more: nobody would take over from it a second time.
    IF claim.maximum < 1 OR NOT EXISTS (SELECT FROM worker AS w WHERE w.id = claim.worker
        AND w.state IN ('active', 'draining')) THEN
        RETURN;
    END IF;
    IF claim.conversation IS NULL THEN
        claimed := agentctl.lock_ready(claim.maximum);
    ELSE
        claimed := ARRAY(
            SELECT c.conversation_id FROM conversation_control AS c
            WHERE c.conversation_id = claim.conversation AND c.state = 'ready' FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
    IF claimed = '{}' THEN
        RETURN;
    END IF;
    UPDATE conversation_control AS c
    SET state = 'running', lease = gen_random_uuid(), worker_id = claim.worker, ready_at = NULL,
        attempt = least(c.attempt, 32766) + 1, generation = least(c.generation, 32766) + 1,
        claimed_at = clock_timestamp()
    WHERE c.conversation_id = ANY (claimed);
    -- Tasks that ended while another session held the row are told before they are read.
    PERFORM agentctl.tell_parent(r.conversation_id) FROM unnest(claimed) AS r (conversation_id)
    WHERE EXISTS (SELECT FROM task AS t WHERE t.parent_conversation_id = r.conversation_id AND NOT t.told
        AND t.finished_at IS NOT NULL);
    RETURN QUERY
    SELECT c.conversation_id, s.seq, c.lease, c.attempt,
           CASE WHEN s.taken_by IS NULL THEN s.operation::text ELSE 'taken' END, s.body, coalesce(s.agent, v.agent),
           (SELECT e.epoch FROM definition_epoch AS e), s.created_at, c.last_message,
           CASE WHEN coalesce(begun.first_message - 1, c.last_message) > 0 THEN agentctl.shown_history(
               c.conversation_id, coalesce(begun.first_message - 1, c.last_message), coalesce(s.agent, v.agent),
               begun.agent_version) END,
           c.generation,
           CASE WHEN c.has_progress THEN agentctl.turn_progress_report(c.conversation_id) END,
           CASE WHEN coalesce(s.agent, v.agent) = v.agent THEN nullif(v.settings - 'routing', '{}') END,
           CASE WHEN s.task_id IS NOT NULL THEN agentctl.task_report(s.task_id, c.cancel_seq > c.head_seq) END
    FROM conversation_control AS c
    JOIN conversation AS v ON v.id = c.conversation_id
    -- By both: a plan that was made on an empty table would read all submissions of the conversation.
    CROSS JOIN LATERAL (
        SELECT o.* FROM submission AS o WHERE o.conversation_id = c.conversation_id AND o.seq = c.head_seq + 1 OFFSET 0
    ) AS s
    LEFT JOIN LATERAL (
        SELECT p.* FROM turn_progress AS p WHERE c.has_progress AND p.conversation_id = c.conversation_id
    ) AS begun ON true
    WHERE c.conversation_id = ANY (claimed);
    GET DIAGNOSTICS returned = ROW_COUNT;
    IF returned < cardinality(claimed) THEN
        PERFORM agentctl.skip_missing_submissions(claimed);
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.claim(bigint, integer, text) IS
    'Takes the lease of up to maximum ready conversations (or of the given one) and returns the next submission of '
    'each, with what it is shown of the messages before it (shown_history), and what its turn has stored already.';
REVOKE ALL ON FUNCTION agentctl.claim(bigint, integer, text) FROM PUBLIC;
