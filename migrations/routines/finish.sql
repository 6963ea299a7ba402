-- Ends a turn: messages, turn, steps, tool calls and events in one commit, fenced by the lease. False: the lease was
-- taken away meanwhile, nothing was written, and the worker must drop the turn. Somebody's open transaction that has
-- submitted to the conversation holds its row: the worker tries again later rather than have one of its few
-- connections wait, or a client that keeps a handful of transactions open would stop it. Waits of another kind, such as
-- for the extension of a table that all turns grow, are short and no reason to begin again.
CREATE OR REPLACE FUNCTION agentctl.finish(conversation text, seq bigint, lease uuid, record jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms'
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    held record;
    started timestamptz;
    first bigint;
    stored record;
    new_last_message bigint;
    asked record;
    parent text;
    parent_turn bigint;
    levels smallint := 0;
BEGIN
    SELECT c.worker_id, c.attempt, c.last_message, c.last_event, c.has_progress, c.steer_seq, c.cancel_seq, c.claimed_at
    INTO held FROM conversation_control AS c
    WHERE c.conversation_id = finish.conversation AND c.lease = finish.lease AND c.head_seq = finish.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM set_config('lock_timeout', '10s', true);
    UPDATE conversation_control AS c
    SET head_seq = finish.seq,
        state = CASE WHEN c.tail_seq > finish.seq THEN 'ready' ELSE 'idle' END::conversation_state,
        ready_at = CASE WHEN c.tail_seq > finish.seq THEN clock_timestamp() END,
        lease = NULL, worker_id = NULL, attempt = 0, generation = 0, has_progress = false, awaited = 0, told = 0,
        -- A task's conversation goes on as any other: what is sent to it later does not go before what others sent.
        depth = 0, priority = CASE WHEN c.depth > 0 THEN greatest(c.priority, 0) ELSE c.priority END,
        last_message = c.last_message + jsonb_array_length(finish.record -> 'messages'),
        last_event = c.last_event + jsonb_array_length(finish.record -> 'events')
    WHERE c.conversation_id = finish.conversation
    RETURNING c.last_message INTO new_last_message;
    -- The last one costs next to nothing where there are no hooks.
    SELECT s.created_at, s.task_id, EXISTS (SELECT FROM hook_state) AS has_hooks INTO asked FROM submission AS s
    WHERE s.conversation_id = finish.conversation AND s.seq = finish.seq;
    -- A clock that was set back meanwhile must not put a turn before its submission, where nobody looks for it.
    started := greatest(held.claimed_at, asked.created_at);
    first := held.last_message + 1;
    IF held.has_progress THEN
        IF EXISTS (SELECT FROM task AS t WHERE t.parent_conversation_id = finish.conversation
                   AND t.parent_seq = finish.seq AND NOT t.told) THEN
            RAISE EXCEPTION 'turn %/% has tasks that have not ended', finish.conversation, finish.seq
                USING ERRCODE = 'AC003', HINT = 'Have them stopped with agentctl.stop_children(), and wait for them.';
        END IF;
        DELETE FROM turn_progress AS p WHERE p.conversation_id = finish.conversation
        RETURNING p.started_at, p.first_message INTO stored;
        -- Without its row the turn begins and ends here.
        IF FOUND THEN
            started := stored.started_at;
            first := stored.first_message;
        END IF;
    END IF;

    PERFORM agentctl.write_turn_parts(finish.conversation, finish.seq, finish.record, started, first, held.last_message,
        held.last_event);

    IF asked.task_id IS NOT NULL THEN
        SELECT t.parent_conversation_id, t.parent_seq, t.depth INTO parent, parent_turn, levels
        FROM task AS t WHERE t.id = asked.task_id;
    END IF;
    INSERT INTO turn (
        conversation_id, seq, attempt, worker_id, first_message, last_message, submitted_at, parent_conversation_id,
        parent_seq, depth, status, agent, agent_version, agent_version_id, chain_version_id, limit_reached, error_code, error_message,
        model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd, started_at, duration_ms)
    SELECT finish.conversation, finish.seq, held.attempt, held.worker_id, first, new_last_message,
           asked.created_at, parent, parent_turn, levels, t.status, t.agent, t.agent_version, t.agent_version_id,
           t.chain_version_id, t.limit_reached, t.error_code, t.error_message, t.model_calls, t.tool_calls, t.input_tokens,
           t.cached_input_tokens, t.output_tokens, t.cost_usd, started, t.duration_ms
    FROM jsonb_to_record(finish.record -> 'turn') AS t (
        status turn_status, agent text, agent_version integer, agent_version_id bigint, chain_version_id bigint, limit_reached text,
        error_code text, error_message text, model_calls integer, tool_calls integer, input_tokens bigint,
        cached_input_tokens bigint, output_tokens bigint, cost_usd numeric, duration_ms double precision);
    IF held.steer_seq > finish.seq THEN
        PERFORM agentctl.skip_steered_submissions(finish.conversation, finish.seq);
    END IF;
    IF asked.task_id IS NOT NULL THEN
        IF finish.record ? 'chosen' THEN
            UPDATE task AS t SET choices_made = ARRAY(SELECT jsonb_array_elements_text(finish.record -> 'chosen'))
            WHERE t.id = asked.task_id;
        END IF;
        PERFORM agentctl.settle_task(asked.task_id, t.status, coalesce(t.error_code, t.limit_reached, CASE t.status
            WHEN 'interrupted' THEN 'interrupted' END), t.error_message, t.input_tokens + t.output_tokens, t.cost_usd,
            held.cancel_seq >= finish.seq)
        FROM jsonb_to_record(finish.record -> 'turn') AS t (
            status turn_status, limit_reached text, error_code text, error_message text, input_tokens bigint,
            output_tokens bigint, cost_usd numeric);
    END IF;
    IF asked.has_hooks THEN
        PERFORM agentctl.tell_hooks_of_turn(finish.conversation, finish.seq, asked.task_id, finish.record -> 'turn');
    END IF;
    PERFORM agentctl.tell_listeners('turn_complete', finish.conversation, finish.seq,
        jsonb_build_object('status', finish.record #> '{turn,status}'));
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.finish(text, bigint, uuid, jsonb) IS
    'Ends a turn in one commit, if the lease still holds. record: {turn, messages, steps, tool_calls, events, '
    'function_calls, security_events}, without what save_progress() has stored; an event''s message counts from 1 '
    'within the turn. Fails with 55P03 when the row was locked for 250 ms: try again; and with AC003 while a task of '
    'the turn has not ended.';
REVOKE ALL ON FUNCTION agentctl.finish(text, bigint, uuid, jsonb) FROM PUBLIC;
