-- What the database refuses for good ends nevertheless: as little as possible is written, and a part that cannot be
-- written is left out. The numbers are brought to what is stored, so that the next turn does not collide with it.
CREATE OR REPLACE FUNCTION agentctl.give_up(conversation text, seq bigint, lease uuid, code text, message text)
    RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
DECLARE
    held record;
    asked record;
    done agentctl.turn_progress;
    newest_message bigint;
    newest_event bigint;
    told jsonb;
    events integer := 0;
    open integer;
BEGIN
    SELECT c.* INTO held FROM conversation_control AS c
    WHERE c.conversation_id = give_up.conversation AND c.lease = give_up.lease AND c.state = 'running'
      AND c.head_seq = give_up.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- A turn ends after its tasks.
    PERFORM agentctl.stop_children(give_up.conversation, give_up.seq);
    UPDATE task AS t SET told = true
    WHERE t.parent_conversation_id = give_up.conversation AND t.parent_seq = give_up.seq AND NOT t.told
      AND t.finished_at IS NOT NULL;
    SELECT count(*) INTO open FROM task AS t
    WHERE t.parent_conversation_id = give_up.conversation AND t.parent_seq = give_up.seq AND t.finished_at IS NULL;
    IF open > 0 THEN
        UPDATE conversation_control AS c
        SET state = 'waiting', wake_at = clock_timestamp() + interval '10 s', awaited = open, has_progress = true,
            lease = NULL, worker_id = NULL
        WHERE c.conversation_id = give_up.conversation;
        RETURN false;
    END IF;

    newest_message := greatest(held.last_message, 0, (
        SELECT max(m.number) FROM message AS m WHERE m.conversation_id = give_up.conversation));
    newest_event := greatest(held.last_event, 0, (
        SELECT max(e.number) FROM event AS e WHERE e.conversation_id = give_up.conversation));
    SELECT s.operation, s.task_id, s.created_at, coalesce(s.agent, v.agent) AS agent,
           s.operation IN ('user_input', 'steer') AND s.taken_by IS NULL AS is_message INTO asked
    FROM conversation AS v
    LEFT JOIN submission AS s ON s.conversation_id = v.id AND s.seq = give_up.seq
    WHERE v.id = give_up.conversation;
    DELETE FROM turn_progress AS p WHERE p.conversation_id = give_up.conversation RETURNING p.* INTO done;
    told := jsonb_build_array(jsonb_build_object('type', 'error', 'data',
        jsonb_build_object('code', give_up.code, 'message', give_up.message)));
    IF asked.is_message THEN
        told := told || jsonb_build_object('type', 'turn_complete', 'data', jsonb_build_object(
            'status', 'failed', 'input_tokens', coalesce(done.input_tokens, 0), 'output_tokens',
            coalesce(done.output_tokens, 0), 'cost_usd', coalesce(done.cost_usd, 0)::double precision,
            'duration_ms', coalesce(done.duration_ms, 0)));
    END IF;
    FOR attempt IN 1..2 LOOP
        BEGIN
            IF attempt = 2 THEN
                PERFORM agentctl.create_partitions(0);
            END IF;
            INSERT INTO event (conversation_id, number, seq, type, data)
            SELECT give_up.conversation, newest_event + e.ordinality, give_up.seq, e.value ->> 'type', e.value -> 'data'
            FROM jsonb_array_elements(told) WITH ORDINALITY AS e;
            events := jsonb_array_length(told);
            EXIT;
        EXCEPTION WHEN OTHERS THEN
            PERFORM agentctl.raise_unless_final(SQLSTATE, SQLERRM);
        END;
    END LOOP;
    FOR attempt IN 1..2 LOOP
        EXIT WHEN asked.is_message IS NOT TRUE;
        BEGIN
            IF attempt = 2 THEN
                PERFORM agentctl.create_partitions(0);
                done.started_at := NULL;
            END IF;
            INSERT INTO turn (
                conversation_id, seq, attempt, worker_id, first_message, last_message, submitted_at, status, agent,
                agent_version, chain_version_id, error_code, error_message, model_calls, tool_calls, input_tokens, cached_input_tokens,
                output_tokens, cost_usd, started_at, duration_ms)
            VALUES (give_up.conversation, give_up.seq, held.attempt, held.worker_id,
                    coalesce(done.first_message, newest_message + 1), newest_message, asked.created_at, 'failed',
                    coalesce(done.agent, asked.agent), done.agent_version, done.chain_version_id, give_up.code, give_up.message, coalesce(done.model_calls, 0),
                    coalesce(done.tool_calls, 0), coalesce(done.input_tokens, 0),
                    coalesce(done.cached_input_tokens, 0), coalesce(done.output_tokens, 0), coalesce(done.cost_usd, 0),
                    coalesce(done.started_at, clock_timestamp()), coalesce(done.duration_ms, 0));
            EXIT;
        EXCEPTION WHEN OTHERS THEN
            PERFORM agentctl.raise_unless_final(SQLSTATE, SQLERRM);
        END;
    END LOOP;
    UPDATE conversation_control AS c
    SET head_seq = give_up.seq,
        state = CASE WHEN c.tail_seq > give_up.seq THEN 'ready' ELSE 'idle' END::conversation_state,
        ready_at = CASE WHEN c.tail_seq > give_up.seq THEN clock_timestamp() END,
        lease = NULL, worker_id = NULL, attempt = 0, generation = 0, has_progress = false, awaited = 0, told = 0,
        depth = 0, priority = CASE WHEN c.depth > 0 THEN greatest(c.priority, 0) ELSE c.priority END,
        last_message = newest_message, last_event = newest_event + events
    WHERE c.conversation_id = give_up.conversation;
    IF held.steer_seq > give_up.seq THEN
        PERFORM agentctl.skip_steered_submissions(give_up.conversation, give_up.seq);
    END IF;
    IF asked.task_id IS NOT NULL THEN
        BEGIN
            PERFORM agentctl.settle_task(asked.task_id, 'failed', give_up.code, give_up.message,
                coalesce(done.input_tokens + done.output_tokens, 0), coalesce(done.cost_usd, 0),
                held.cancel_seq >= give_up.seq);
        EXCEPTION WHEN OTHERS THEN
            PERFORM agentctl.raise_unless_final(SQLSTATE, SQLERRM);
            UPDATE task AS t
            SET state = CASE WHEN t.parent_seq IS NULL THEN 'dead' ELSE 'failed' END::task_state,
                error_code = give_up.code, error_message = give_up.message, finished_at = clock_timestamp()
            WHERE t.id = asked.task_id AND t.finished_at IS NULL;
        END;
    END IF;
    IF asked.is_message THEN
        PERFORM agentctl.tell_listeners('turn_complete', give_up.conversation, give_up.seq, '{"status": "failed"}');
    END IF;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.give_up(text, bigint, uuid, text, text) IS
    'Ends a submission whose record the database refuses, as failed, if the lease still holds; of what cannot be '
    'stored nothing is. While tasks of its turn run, they are stopped and the conversation waits for them: false. '
    'Fails with 55P03 like finish().';
REVOKE ALL ON FUNCTION agentctl.give_up(text, bigint, uuid, text, text) FROM PUBLIC;
