-- What did not happen yet may still happen, as long as there may be somebody who believes that it is to do it.
CREATE OR REPLACE FUNCTION agentctl.resolve_tool_call(conversation text, seq bigint, call integer, outcome text,
    result text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    ruled text;
    started timestamptz;
    remaining integer;
    certain timestamptz;
    has_ended boolean;
    ended record;
BEGIN
    IF outcome IS NULL OR outcome NOT IN ('happened', 'did_not_happen', 'run_again') THEN
        RAISE EXCEPTION 'an outcome is happened, did_not_happen or run_again' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(resolve_tool_call.result) > 1048576 THEN
        RAISE EXCEPTION 'a result has at most 1048576 bytes' USING ERRCODE = 'AC001';
    END IF;
    -- An approver names another user's conversation by its whole id.
    SELECT t.rule INTO ruled FROM tool_call AS t
    WHERE t.conversation_id = resolve_tool_call.conversation AND t.seq = resolve_tool_call.seq
      AND t.number = resolve_tool_call.call AND t.state = 'in_doubt';
    IF NOT FOUND OR NOT agentctl.may_resolve(resolve_tool_call.conversation, resolve_tool_call.seq,
        resolve_tool_call.call, ruled)
    THEN
        resolve_tool_call.conversation := agentctl.own_conversation(resolve_tool_call.conversation);
        SELECT t.rule INTO ruled FROM tool_call AS t
        WHERE t.conversation_id = resolve_tool_call.conversation AND t.seq = resolve_tool_call.seq
          AND t.number = resolve_tool_call.call AND t.state = 'in_doubt';
        IF FOUND AND NOT agentctl.may_resolve(resolve_tool_call.conversation, resolve_tool_call.seq,
            resolve_tool_call.call, ruled)
        THEN
            RAISE EXCEPTION 'call % of turn %/% is for others to resolve', resolve_tool_call.call,
                resolve_tool_call.conversation, resolve_tool_call.seq USING ERRCODE = 'AC004',
                HINT = 'Those may who may decide about such a call: members of agentctl_approver, or of the roles '
                    'that the rule names.';
        END IF;
    END IF;
    PERFORM agentctl.lock_conversation(resolve_tool_call.conversation);
    SELECT p.started_at INTO started FROM turn_progress AS p
    WHERE p.conversation_id = resolve_tool_call.conversation AND p.seq = resolve_tool_call.seq;
    -- A turn that was stopped has ended: only the record of its call is completed. Its own may have been pruned.
    SELECT c.head_seq >= resolve_tool_call.seq INTO has_ended FROM conversation_control AS c
    WHERE c.conversation_id = resolve_tool_call.conversation;
    SELECT t.started_at, t.finished_at, t.attempt INTO ended FROM turn AS t
    WHERE t.conversation_id = resolve_tool_call.conversation AND t.seq = resolve_tool_call.seq
      AND t.started_at >= agentctl.turn_lower_bound(resolve_tool_call.conversation, resolve_tool_call.seq);
    IF has_ended AND outcome = 'run_again' THEN
        RAISE EXCEPTION 'turn %/% has ended: its call % is not made again', resolve_tool_call.conversation,
            resolve_tool_call.seq, resolve_tool_call.call
            USING ERRCODE = 'AC003', HINT = 'Say happened or did_not_happen; a new message can ask for it again.';
    END IF;
    IF has_ended THEN
        started := agentctl.turn_lower_bound(resolve_tool_call.conversation, resolve_tool_call.seq);
    END IF;
    UPDATE tool_call AS t
    SET state = CASE outcome WHEN 'happened' THEN 'succeeded' WHEN 'did_not_happen' THEN 'failed'
        ELSE 'planned' END::tool_call_state,
        error_code = CASE outcome WHEN 'did_not_happen' THEN 'did_not_happen' END,
        result = CASE outcome
            -- What it had printed until it was stopped stays known.
            WHEN 'happened' THEN coalesce(resolve_tool_call.result,
                t.result || ' An operator found that it was done all the same.',
                'It was done; what it returned is not known.')
            WHEN 'did_not_happen' THEN coalesce('Error: ' || resolve_tool_call.result,
                t.result || ' An operator found that it took no effect.',
                'Error: It was not done: the system failed before it took effect.') END
    WHERE t.conversation_id = resolve_tool_call.conversation AND t.seq = resolve_tool_call.seq
      AND t.number = resolve_tool_call.call AND t.state = 'in_doubt' AND t.started_at >= started
      AND (has_ended OR EXISTS (SELECT FROM conversation_control AS c
          WHERE c.conversation_id = t.conversation_id AND c.state = 'parked'));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'call % of turn %/% does not wait to be resolved', resolve_tool_call.call,
            resolve_tool_call.conversation, resolve_tool_call.seq
            USING ERRCODE = 'AC003', HINT = 'The calls that wait are in agentctl.calls_in_doubt.';
    END IF;
    IF outcome <> 'happened' THEN
        -- Of a turn that has ended, a worker that was lost before it may believe so for one time to live.
        SELECT found.until INTO certain
        FROM conversation_control AS c
        CROSS JOIN LATERAL (SELECT CASE WHEN NOT has_ended THEN c.lease_until
            WHEN ended.attempt > 1 THEN ended.finished_at
                + make_interval(secs => agentctl.setting('worker_ttl')::double precision) END AS until) AS found
        WHERE c.conversation_id = resolve_tool_call.conversation AND found.until > clock_timestamp();
        IF FOUND THEN
            RAISE EXCEPTION 'call % of turn %/% may still be made by the worker that was lost: % can be said from % on',
                resolve_tool_call.call, resolve_tool_call.conversation, resolve_tool_call.seq, outcome,
                date_trunc('second', certain) + interval '1 second'
                USING ERRCODE = 'AC003', HINT = 'Wait ' || ceil(extract(epoch FROM certain - clock_timestamp()))
                    || ' s, and look again whether it happened.';
        END IF;
    END IF;
    SELECT count(*) INTO remaining FROM tool_call AS t
    WHERE t.conversation_id = resolve_tool_call.conversation AND t.seq = resolve_tool_call.seq AND t.state = 'in_doubt'
      AND t.started_at >= started;
    UPDATE conversation_control AS c
    SET last_event = c.last_event + 1,
        state = CASE WHEN remaining = 0 AND NOT has_ended THEN 'ready' ELSE c.state END::conversation_state,
        ready_at = CASE WHEN has_ended THEN c.ready_at
            WHEN remaining = 0 THEN clock_timestamp() END,
        wake_at = CASE WHEN remaining = 0 AND NOT has_ended THEN NULL ELSE c.wake_at END
    WHERE c.conversation_id = resolve_tool_call.conversation;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT c.conversation_id, c.last_event, resolve_tool_call.seq, 'call_resolved',
           jsonb_build_object('call', resolve_tool_call.call, 'outcome', outcome, 'by', agentctl.keep_account())
    FROM conversation_control AS c WHERE c.conversation_id = resolve_tool_call.conversation;
    IF remaining = 0 AND NOT has_ended THEN
        PERFORM agentctl.notify_workers(c.queue_key, c.conversation_id)
        FROM conversation_control AS c WHERE c.conversation_id = resolve_tool_call.conversation;
    END IF;
    RETURN remaining;
END $$;
COMMENT ON FUNCTION agentctl.resolve_tool_call(text, bigint, integer, text, text) IS
    'Says what became of a tool call that is in doubt: happened (with what it returned), did_not_happen, or '
    'run_again. The turn goes on when none of its calls is in doubt, unless it was stopped and has ended; returns how '
    'many still are. Fails with AC003 when the call does not wait, for run_again when the turn has ended, and, for anything but happened, as long as the worker that was lost may still make '
    'it (lease_until); with AC004 when it is for others to resolve.';
REVOKE ALL ON FUNCTION agentctl.resolve_tool_call(text, bigint, integer, text, text) FROM PUBLIC;
