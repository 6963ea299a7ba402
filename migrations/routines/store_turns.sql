-- One statement for each table, however many turns there are: to set out to run one takes longer than another row.
CREATE OR REPLACE FUNCTION agentctl.store_turns(
    conversations text[], seqs bigint[], leases uuid[], records jsonb
) RETURNS text[]
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    -- Places of turns in the arrays.
    locked bigint[];
    places bigint[];
    held agentctl.held_turn[];
    open record;
BEGIN
    locked := ARRAY(
        SELECT t.place
        FROM ROWS FROM (unnest(store_turns.conversations), unnest(store_turns.seqs), unnest(store_turns.leases))
            WITH ORDINALITY AS t (conversation_id, seq, lease, place)
        CROSS JOIN LATERAL (
            SELECT FROM conversation_control AS c
            WHERE c.conversation_id = t.conversation_id AND c.lease = t.lease AND c.head_seq = t.seq - 1
            FOR NO KEY UPDATE SKIP LOCKED
        ) AS c);
    -- In another statement, whose snapshot is newer than the locks.
    SELECT array_agg(t.place), array_agg(ROW(
               t.conversation_id, t.seq, coalesce(p.started_at, began.at),
               greatest(p.started_at, began.at, c.claimed_at), s.created_at,
               coalesce(p.first_message, c.last_message + 1), c.last_message, c.last_event, c.attempt, c.worker_id, c.has_progress, c.steer_seq > t.seq, c.cancel_seq >= t.seq, s.task_id, t.record
           )::agentctl.held_turn)
    INTO places, held
    FROM ROWS FROM (
        unnest(store_turns.conversations), unnest(store_turns.seqs), jsonb_array_elements(store_turns.records)
    ) WITH ORDINALITY AS t (conversation_id, seq, record, place)
    CROSS JOIN LATERAL (
        SELECT c.* FROM conversation_control AS c WHERE c.conversation_id = t.conversation_id OFFSET 0) AS c
    LEFT JOIN LATERAL (
        SELECT s.created_at, s.task_id FROM submission AS s
        WHERE s.conversation_id = t.conversation_id AND s.seq = t.seq OFFSET 0
    ) AS s ON true
    LEFT JOIN LATERAL (
        SELECT p.started_at, p.first_message FROM turn_progress AS p
        WHERE c.has_progress AND p.conversation_id = t.conversation_id OFFSET 0
    ) AS p ON true
    -- A clock that was set back meanwhile must not put a turn before its submission, where nobody looks for it.
    CROSS JOIN LATERAL (SELECT greatest(c.claimed_at, s.created_at) AS at) AS began
    WHERE t.place = ANY (locked)
      -- What may wait for rows of others, or be refused, is not stored with others. One row each: planned while a table
      -- is empty, EXISTS would read all of it later.
      AND (cardinality(store_turns.conversations) = 1
          OR (SELECT true FROM task AS w
              WHERE c.has_progress AND w.parent_conversation_id = t.conversation_id AND w.parent_seq = t.seq
                AND NOT w.told LIMIT 1) IS NULL
             AND (SELECT true FROM task_dependency AS d WHERE d.depends_on = s.task_id LIMIT 1) IS NULL);
    IF held IS NOT NULL THEN
        IF true = ANY (SELECT h.has_progress FROM unnest(held) AS h) THEN
            SELECT h.conversation_id, h.seq INTO open FROM unnest(held) AS h
            WHERE h.has_progress AND EXISTS (
                SELECT FROM task AS t
                WHERE t.parent_conversation_id = h.conversation_id AND t.parent_seq = h.seq AND NOT t.told)
            LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'turn %/% has tasks that have not ended', open.conversation_id, open.seq
                    USING ERRCODE = 'AC003',
                    HINT = 'Have them stopped with agentctl.stop_children(), and wait for them.';
            END IF;
            DELETE FROM turn_progress AS p USING unnest(held) AS h
            WHERE h.has_progress AND p.conversation_id = h.conversation_id;
        END IF;
        WITH ended AS (
            UPDATE conversation_control AS c
            SET head_seq = t.seq,
                state = CASE WHEN c.tail_seq > t.seq THEN 'ready' ELSE 'idle' END::conversation_state,
                ready_at = CASE WHEN c.tail_seq > t.seq THEN clock_timestamp() END,
                lease = NULL, worker_id = NULL, attempt = 0, generation = 0, has_progress = false, awaited = 0,
                told = 0,
                known_by = CASE WHEN t.record ? 'known' AND c.known_by IS NULL THEN c.worker_id END,
                -- A task's conversation goes on as any other: what is sent to it later does not go before what others
                -- sent.
                depth = 0, priority = CASE WHEN c.depth > 0 THEN greatest(c.priority, 0) ELSE c.priority END,
                last_message = c.last_message + jsonb_array_length(t.record -> 'messages'),
                last_event = c.last_event + jsonb_array_length(t.record -> 'events'), listed = NOT c.listed
            FROM unnest(held) AS t
            WHERE c.conversation_id = t.conversation_id
            RETURNING c.conversation_id, c.state, c.priority, c.queue_key, c.lane, c.ready_at
        ), left_list AS (
            DELETE FROM work_list AS w USING ended AS e WHERE e.state = 'idle' AND w.conversation_id = e.conversation_id
        )
        UPDATE work_list AS w
        SET state = 'ready', worker_id = NULL, wake_at = NULL, priority = e.priority, queue_key = e.queue_key,
            lane = e.lane, ready_at = e.ready_at
        FROM ended AS e WHERE e.state = 'ready' AND w.conversation_id = e.conversation_id;
        PERFORM agentctl.write_turn_parts(held);
        INSERT INTO turn (
            conversation_id, seq, attempt, worker_id, first_message, last_message, submitted_at,
            parent_conversation_id, parent_seq, depth, status, agent, agent_version, agent_version_id, chain_version_id,
            limit_reached, error_code, error_message, model_calls, tool_calls, input_tokens, cached_input_tokens,
            output_tokens, cost_usd, started_at, duration_ms)
        SELECT h.conversation_id, h.seq, h.attempt, h.worker_id, h.first_message,
               h.last_message + jsonb_array_length(h.record -> 'messages'), h.submitted_at,
               task.parent_conversation_id, task.parent_seq, coalesce(task.depth, 0), t.status, t.agent,
               t.agent_version, t.agent_version_id, t.chain_version_id, t.limit_reached, t.error_code,
               t.error_message, t.model_calls, t.tool_calls, t.input_tokens, t.cached_input_tokens, t.output_tokens,
               t.cost_usd, h.started_at, t.duration_ms
        FROM unnest(held) AS h
        CROSS JOIN LATERAL jsonb_to_record(h.record -> 'turn') AS t (
            status turn_status, agent text, agent_version integer, agent_version_id bigint, chain_version_id bigint,
            limit_reached text, error_code text, error_message text, model_calls integer, tool_calls integer,
            input_tokens bigint, cached_input_tokens bigint, output_tokens bigint, cost_usd numeric,
            duration_ms double precision)
        LEFT JOIN LATERAL (
            SELECT t.parent_conversation_id, t.parent_seq, t.depth FROM task AS t
            WHERE h.task_id IS NOT NULL AND t.id = h.task_id OFFSET 0
        ) AS task ON true;
        PERFORM agentctl.tell_of_turns(held);
    END IF;
    RETURN ARRAY(
        SELECT CASE WHEN t.place = ANY (places) THEN 'stored'
                    WHEN t.place = ANY (locked) OR (
                        SELECT true FROM conversation_control AS c
                        WHERE c.conversation_id = t.conversation_id AND c.lease = t.lease AND c.head_seq = t.seq - 1
                        LIMIT 1)
                    THEN 'alone'
                    ELSE 'lost' END
        FROM ROWS FROM (unnest(store_turns.conversations), unnest(store_turns.seqs), unnest(store_turns.leases))
            WITH ORDINALITY AS t (conversation_id, seq, lease, place)
        ORDER BY t.place);
END $$;
COMMENT ON FUNCTION agentctl.store_turns(text[], bigint[], uuid[], jsonb) IS
    'Ends turns, each of another conversation, that a worker has the leases of. records: a list of records as finish() '
    'takes them. Returns what became of each: stored; lost, when its lease has been taken away; alone, when it has to '
    'be stored by itself, as another transaction has its row, or it waits for tasks, or tasks wait for it. Internal: '
    'finish() and finish_turns() call it.';
REVOKE ALL ON FUNCTION agentctl.store_turns(text[], bigint[], uuid[], jsonb) FROM PUBLIC;
