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
    resumed text[];
    -- Conversations whose messages the worker has.
    known text[];
    returned integer;
    own record;
BEGIN
    IF claim.maximum < 1 THEN
        RETURN;
    END IF;
    -- A worker that was counted as lost gets no more: nobody would take over from it a second time.
    SELECT w.serves,
           w.queues IS NULL AND w.offers IS NULL OR w.known_queues = (SELECT count(*) FROM work_queue AS q) AS knows_all
    INTO own FROM worker AS w WHERE w.id = claim.worker AND w.state IN ('active', 'draining');
    IF NOT FOUND THEN
        RETURN;
    ELSIF own.knows_all IS NOT TRUE THEN
        own.serves := agentctl.worker_serves(claim.worker);
    END IF;
    IF claim.conversation IS NULL THEN
        claimed := agentctl.lock_ready(claim.maximum, own.serves);
        IF claimed = '{}' AND agentctl.list_work() > 0 THEN
            claimed := agentctl.lock_ready(claim.maximum, own.serves);
        END IF;
    ELSE
        claimed := ARRAY(
            SELECT c.conversation_id FROM conversation_control AS c
            WHERE c.conversation_id = claim.conversation AND c.state = 'ready'
              AND (own.serves IS NULL OR c.queue_key = ANY (own.serves))
            FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
    IF claimed = '{}' THEN
        RETURN;
    END IF;
    WITH taken AS (
        UPDATE conversation_control AS c
        SET state = 'running', lease = gen_random_uuid(), worker_id = claim.worker, ready_at = NULL,
            attempt = least(c.attempt, 32766) + 1, generation = least(c.generation, 32766) + 1,
            claimed_at = clock_timestamp(), known_by = NULL, listed = NOT c.listed
        WHERE c.conversation_id = ANY (claimed)
        -- As it was before.
        RETURNING c.conversation_id, c.has_progress, (
            SELECT o.known_by FROM conversation_control AS o WHERE o.conversation_id = c.conversation_id) AS known_by
    ), entries AS (
        UPDATE work_list AS w SET state = 'running', worker_id = claim.worker, ready_at = NULL
        WHERE w.conversation_id = ANY (claimed)
    )
    SELECT array_agg(t.conversation_id) FILTER (WHERE t.has_progress),
           coalesce(array_agg(t.conversation_id) FILTER (WHERE t.known_by = claim.worker), '{}')
    INTO resumed, known FROM taken AS t;
    IF resumed IS NOT NULL THEN
        -- Tasks that ended while another session held the row are told before they are read.
        PERFORM agentctl.tell_parent(r.conversation_id) FROM unnest(resumed) AS r (conversation_id)
        WHERE EXISTS (SELECT FROM task AS t WHERE t.parent_conversation_id = r.conversation_id AND NOT t.told
            AND t.finished_at IS NOT NULL);
    END IF;
    RETURN QUERY
    SELECT c.conversation_id, s.seq, c.lease, c.attempt,
           CASE WHEN s.taken_by IS NULL THEN s.operation::text ELSE 'taken' END, s.body, coalesce(s.agent, v.agent),
           (SELECT e.epoch FROM definition_epoch AS e), s.created_at, c.last_message,
           CASE WHEN before.is_known THEN to_jsonb(greatest(before.last_message - 100, 0) + 1)
                WHEN compacted.summary IS NULL THEN past.messages
                ELSE jsonb_build_array(jsonb_build_array(compacted.last_message, 'summary', compacted.summary))
                    || coalesce(past.messages, '[]') END,
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
        SELECT p.* FROM turn_progress AS p WHERE c.has_progress AND p.conversation_id = c.conversation_id OFFSET 0
    ) AS begun ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(begun.first_message - 1, c.last_message) AS last_message,
               -- A run of a chain is shown nothing of what was said before.
               NOT (EXISTS (SELECT FROM definition AS d WHERE d.kind = 'chain' AND d.name = coalesce(s.agent, v.agent))
                   AND agentctl.runs_nodes(coalesce(s.agent, v.agent), begun.agent_version)) AS is_wanted
        OFFSET 0
    ) AS asked
    CROSS JOIN LATERAL (
        SELECT asked.last_message, asked.is_wanted AND c.conversation_id = ANY (known) AS is_known,
               asked.is_wanted AND c.conversation_id <> ALL (known) AS is_sent
    ) AS before
    LEFT JOIN LATERAL (
        SELECT o.last_message, o.summary FROM compaction AS o
        WHERE before.is_sent AND o.conversation_id = c.conversation_id AND o.undone_by IS NULL
        ORDER BY o.number DESC LIMIT 1
    ) AS compacted ON true
    CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_array(m.number, m.role, m.content, m.tool_calls, m.tool_call_id)
            ORDER BY m.number) AS messages
        FROM (
            SELECT recent.*, sum(octet_length(recent.content) + coalesce(octet_length(recent.tool_calls::text), 0))
                                 OVER (ORDER BY recent.number DESC) AS bytes
            FROM message AS recent
            WHERE before.is_sent AND recent.conversation_id = c.conversation_id
              AND recent.number > greatest(before.last_message - 100, compacted.last_message)
              AND recent.number <= before.last_message AND recent.undone_by IS NULL
        ) AS m
        WHERE m.bytes <= 4194304
    ) AS past
    WHERE c.conversation_id = ANY (claimed);
    GET DIAGNOSTICS returned = ROW_COUNT;
    IF returned < cardinality(claimed) THEN
        PERFORM agentctl.skip_missing_submissions(claimed);
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.claim(bigint, integer, text) IS
    'Takes the lease of up to maximum ready conversations that the worker serves (or of the given one, if it does) '
    'and returns the next submission of each, with the last 100 messages before it (none for a run of a chain), at '
    'most 4 MiB of text, as [number, role, content, tool_calls, tool_call_id] (where a summary stands for the oldest, '
    'first [number, "summary", text] and then those after it), and what its turn has stored already. Of a '
    'conversation in which nothing has happened since the worker ended a turn that it keeps, history is only the number '
    'of the first of them.';
REVOKE ALL ON FUNCTION agentctl.claim(bigint, integer, text) FROM PUBLIC;
