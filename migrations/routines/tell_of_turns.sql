CREATE OR REPLACE FUNCTION agentctl.tell_of_turns(turns agentctl.held_turn[]) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    -- The first costs next to nothing where there are no hooks.
    has_hooks CONSTANT boolean := EXISTS (SELECT FROM hook_state);
    has_listeners CONSTANT boolean := agentctl.setting('notify_clients') = 'on';
    own record;
BEGIN
    FOR own IN
        SELECT h.*, t.*
        FROM unnest(turns) AS h
        CROSS JOIN LATERAL jsonb_to_record(h.record -> 'turn') AS t (
            status turn_status, limit_reached text, error_code text, error_message text, input_tokens bigint,
            output_tokens bigint, cost_usd numeric)
        WHERE h.is_steered OR h.task_id IS NOT NULL OR has_hooks OR has_listeners
    LOOP
        IF own.is_steered THEN
            PERFORM agentctl.skip_steered_submissions(own.conversation_id, own.seq);
        END IF;
        IF own.task_id IS NOT NULL THEN
            IF own.record ? 'chosen' THEN
                UPDATE task AS t SET choices_made = ARRAY(SELECT jsonb_array_elements_text(own.record -> 'chosen'))
                WHERE t.id = own.task_id;
            END IF;
            PERFORM agentctl.settle_task(own.task_id, own.status, coalesce(own.error_code, own.limit_reached,
                CASE own.status WHEN 'interrupted' THEN 'interrupted' END), own.error_message,
                own.input_tokens + own.output_tokens, own.cost_usd, own.is_stopped);
        END IF;
        IF has_hooks THEN
            PERFORM agentctl.tell_hooks_of_turn(own.conversation_id, own.seq, own.task_id, own.record -> 'turn');
        END IF;
        IF has_listeners THEN
            PERFORM agentctl.tell_listeners('turn_complete', own.conversation_id, own.seq,
                jsonb_build_object('status', own.status));
        END IF;
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.tell_of_turns(agentctl.held_turn[]) IS
    'Informs whom the ends of turns concern: messages that were sent into them, the tasks that they were attempts at, '
    'hooks and listeners. Internal: store_turns() calls it.';
REVOKE ALL ON FUNCTION agentctl.tell_of_turns(agentctl.held_turn[]) FROM PUBLIC;
