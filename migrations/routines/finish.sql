-- Somebody's open transaction that has submitted to the conversation holds its row: the worker tries again later rather
-- than have one of its few connections wait, or a client that keeps a handful of transactions open would stop it. Waits
-- of another kind, such as for the extension of a table that all turns grow, are short and no reason to begin again.
CREATE OR REPLACE FUNCTION agentctl.finish(conversation text, seq bigint, lease uuid, record jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms'
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    PERFORM FROM conversation_control AS c
    WHERE c.conversation_id = finish.conversation AND c.lease = finish.lease AND c.head_seq = finish.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM set_config('lock_timeout', '10s', true);
    RETURN agentctl.store_turns(ARRAY[finish.conversation], ARRAY[finish.seq], ARRAY[finish.lease],
        jsonb_build_array(finish.record)) = '{stored}';
END $$;
COMMENT ON FUNCTION agentctl.finish(text, bigint, uuid, jsonb) IS
    'Ends a turn in one commit, if the lease still holds; if not, nothing is written, and the worker drops the turn. '
    'record: {turn, messages, steps, tool_calls, events, function_calls, security_events}, without what '
    'save_progress() has stored; an event''s message counts from 1 within the turn. With known the next claim does not '
    'send the worker the messages. Fails with 55P03 when the row was '
    'locked for 250 ms: try again; and with AC003 while a task of the turn has not ended.';
REVOKE ALL ON FUNCTION agentctl.finish(text, bigint, uuid, jsonb) FROM PUBLIC;
