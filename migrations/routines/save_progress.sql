CREATE OR REPLACE FUNCTION agentctl.save_progress(
    conversation text, seq bigint, lease uuid, save integer, record jsonb, park boolean DEFAULT false
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms'
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    held record;
    own agentctl.held_turn;
    saved record;
    wakes timestamptz;
    awaits integer;
    waits boolean;
BEGIN
    SELECT c.has_progress, c.last_message, c.last_event, c.told, c.claimed_at, c.cancel_seq > c.head_seq AS is_stopped
    INTO held
    FROM conversation_control AS c
    WHERE c.conversation_id = save_progress.conversation AND c.lease = save_progress.lease
      AND c.head_seq = save_progress.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- As in finish(): the limit is for the row.
    PERFORM set_config('lock_timeout', '10s', true);
    SELECT p.saves, p.started_at, p.first_message INTO saved
    FROM turn_progress AS p WHERE held.has_progress AND p.conversation_id = save_progress.conversation;
    -- The same save, told again because its answer was lost.
    IF saved.saves >= save_progress.save THEN
        RETURN true;
    END IF;
    IF save_progress.park AND save_progress.record ? 'awaits' THEN
        -- Tasks that ended while another session held the row: told before anything is written.
        IF EXISTS (SELECT FROM task AS t WHERE t.parent_conversation_id = save_progress.conversation AND NOT t.told
                   AND t.finished_at IS NOT NULL) THEN
            PERFORM agentctl.tell_parent(save_progress.conversation);
            SELECT c.has_progress, c.last_message, c.last_event, c.told, c.claimed_at,
                   c.cancel_seq > c.head_seq AS is_stopped
            INTO held FROM conversation_control AS c WHERE c.conversation_id = save_progress.conversation;
        END IF;
        awaits := (save_progress.record ->> 'awaits')::integer
            - (held.told - coalesce((save_progress.record ->> 'seen')::integer, 0));
    END IF;
    IF saved.started_at IS NULL THEN
        saved.started_at := greatest(held.claimed_at, (
            SELECT s.created_at FROM submission AS s
            WHERE s.conversation_id = save_progress.conversation AND s.seq = save_progress.seq));
    END IF;
    saved.first_message := coalesce(saved.first_message, held.last_message + 1);
    IF save_progress.record ? 'approvals' THEN
        SELECT r.wakes, jsonb_set(save_progress.record, '{events}', coalesce(r.events, '[]'))
        INTO wakes, save_progress.record
        FROM agentctl.request_approvals(save_progress.conversation, save_progress.seq, save_progress.record) AS r;
    END IF;
    own := (save_progress.conversation, save_progress.seq, saved.started_at,
        greatest(saved.started_at, held.claimed_at), NULL, saved.first_message, held.last_message, held.last_event,
        NULL, NULL, held.has_progress, false, held.is_stopped, NULL,
        save_progress.record)::held_turn;
    PERFORM agentctl.write_turn_parts(ARRAY[own]);
    IF save_progress.park AND wakes IS NULL THEN
        -- What an operator was asked before, and has not decided.
        wakes := (SELECT min(a.expires_at) FROM approval AS a WHERE a.conversation_id = save_progress.conversation
            AND a.seq = save_progress.seq AND a.state = 'pending');
    END IF;
    -- It was decided, or stopped, while the turn ran: nothing else wakes it. What waits for its tasks ends after them.
    IF save_progress.park AND (save_progress.record -> 'asked' = 'true' AND wakes IS NULL
        OR held.is_stopped AND (awaits IS NULL OR save_progress.record ? 'wakes_in')) THEN
        awaits := 0;
    END IF;
    waits := save_progress.park AND (awaits > 0 OR awaits IS NULL AND wakes IS NOT NULL);
    IF save_progress.park AND awaits > 0 THEN
        -- It waits for a model: for so long, unless a task ends.
        wakes := least(wakes, clock_timestamp()
            + (save_progress.record ->> 'wakes_in')::double precision * interval '1 s');
    END IF;
    IF save_progress.park AND coalesce(awaits, 1) > 0 THEN
        -- Whatever it waits for. A deadline that has passed wakes once, and not again while the tasks below are
        -- stopped.
        wakes := least(wakes, (
            SELECT t.deadline FROM submission AS s JOIN task AS t ON t.id = s.task_id
            WHERE s.conversation_id = save_progress.conversation AND s.seq = save_progress.seq
              AND t.deadline > clock_timestamp()));
    END IF;
    INSERT INTO turn_progress AS p (
        conversation_id, seq, saves, started_at, first_message, agent, agent_version, steps, model_calls, tool_calls,
        input_tokens, cached_input_tokens, output_tokens, cost_usd, duration_ms, chain_version_id, postponed_ms,
        postponed_by)
    SELECT save_progress.conversation, save_progress.seq, save_progress.save, saved.started_at, saved.first_message, t.*
    FROM jsonb_to_record(save_progress.record -> 'turn') AS t (
        agent text, agent_version integer, steps integer, model_calls integer, tool_calls integer, input_tokens bigint,
        cached_input_tokens bigint, output_tokens bigint, cost_usd numeric, duration_ms double precision,
        chain_version_id bigint, postponed_ms double precision, postponed_by text)
    ON CONFLICT (conversation_id) DO UPDATE
    SET saves = excluded.saves, agent = excluded.agent, agent_version = excluded.agent_version, steps = excluded.steps,
        model_calls = excluded.model_calls, tool_calls = excluded.tool_calls, input_tokens = excluded.input_tokens,
        cached_input_tokens = excluded.cached_input_tokens, output_tokens = excluded.output_tokens,
        cost_usd = excluded.cost_usd, duration_ms = excluded.duration_ms,
        chain_version_id = excluded.chain_version_id,
        -- A worker of an earlier release says nothing of it.
        postponed_ms = coalesce(excluded.postponed_ms, p.postponed_ms),
        postponed_by = excluded.postponed_by;
    UPDATE conversation_control AS c
    SET has_progress = true,
        last_message = c.last_message + jsonb_array_length(save_progress.record -> 'messages'),
        last_event = c.last_event + jsonb_array_length(save_progress.record -> 'events'),
        awaited = CASE WHEN park THEN greatest(coalesce(awaits, 0), 0) ELSE c.awaited END,
        state = CASE WHEN NOT park THEN c.state WHEN awaits <= 0 THEN 'ready'
            WHEN waits THEN 'waiting' ELSE 'parked' END::conversation_state,
        ready_at = CASE WHEN park AND awaits <= 0 THEN clock_timestamp() ELSE c.ready_at END,
        wake_at = CASE WHEN park THEN wakes END,
        lease = CASE WHEN park THEN NULL ELSE c.lease END,
        worker_id = CASE WHEN park THEN NULL ELSE c.worker_id END,
        attempt = CASE WHEN park THEN 0 ELSE c.attempt END
    WHERE c.conversation_id = save_progress.conversation;
    IF save_progress.record ? 'handed_to' THEN
        -- What is said next in the conversation goes to whom it was handed over.
        UPDATE conversation AS v
        SET settings = v.settings || jsonb_build_object('handed_to', save_progress.record -> 'handed_to')
        WHERE v.id = save_progress.conversation;
    END IF;
    IF save_progress.park AND (awaits IS NULL OR save_progress.record ? 'approvals') THEN
        PERFORM agentctl.tell_hooks_of_wait(save_progress.conversation, save_progress.seq, save_progress.record);
    END IF;
    IF save_progress.record ? 'tasks' THEN
        IF agentctl.spawn_tasks(save_progress.conversation, save_progress.seq, save_progress.record -> 'tasks') > 0 THEN
            PERFORM agentctl.tell_parent(save_progress.conversation);
        END IF;
    END IF;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.save_progress(text, bigint, uuid, integer, jsonb, boolean) IS
    'Stores what a turn has done so far, if the lease still holds. save counts from 1 within the turn: the same '
    'number again changes nothing. With park the conversation is given up and waits: for a person, or for as many '
    'endings of its tasks as awaits says, counted from the seen that the turn knows of, and for no longer than '
    'wakes_in seconds. record: as finish() takes it, '
    'only with what is not stored yet, tasks as spawn_tasks() takes them, and handed_to: the agent of a handoff that '
    'the conversation stays with.';
REVOKE ALL ON FUNCTION agentctl.save_progress(text, bigint, uuid, integer, jsonb, boolean) FROM PUBLIC;
