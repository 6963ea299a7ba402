-- Nothing is added to it any more, so that a time is mark enough.
CREATE OR REPLACE FUNCTION agentctl.roll_up_backlog(since timestamptz, maximum integer) RETURNS boolean
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    until timestamptz;
    keys record;
    calls record;
BEGIN
    SELECT least(
        (SELECT t.started_at FROM turn AS t WHERE t.started_at >= since AND t.recorded_by = 0
         ORDER BY t.started_at OFFSET maximum LIMIT 1),
        (SELECT c.started_at FROM function_call AS c
         WHERE c.started_at >= since AND c.recorded_by = 0 AND c.conversation_id IS NULL
         ORDER BY c.started_at OFFSET maximum LIMIT 1),
        (SELECT t.created_at FROM task AS t WHERE t.created_at >= since AND t.ended_by = 0
         ORDER BY t.created_at OFFSET maximum LIMIT 1)) INTO until;
    -- More than maximum may have begun at the same moment.
    until := CASE WHEN until IS NULL THEN 'infinity' ELSE greatest(until, since + interval '1 microsecond') END;

    SELECT array_agg(t.conversation_id) AS conversations, array_agg(t.seq) AS seqs, array_agg(t.started_at) AS times
    INTO keys FROM turn AS t WHERE t.started_at >= since AND t.started_at < until AND t.recorded_by = 0;
    SELECT array_agg(c.id) AS ids, array_agg(c.started_at) AS times INTO calls FROM function_call AS c
    WHERE c.started_at >= since AND c.started_at < until AND c.recorded_by = 0 AND c.conversation_id IS NULL;
    PERFORM agentctl.add_turns(keys.conversations, keys.seqs, keys.times);
    PERFORM agentctl.add_function_calls(calls.ids, calls.times, NULL);
    PERFORM agentctl.add_tasks(ARRAY(
        SELECT t.id FROM task AS t WHERE t.created_at >= since AND t.created_at < until AND t.ended_by = 0));
    UPDATE rollup_mark AS m SET backlog_from = until, rolled_at = clock_timestamp();
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.roll_up_backlog(timestamptz, integer) IS
    'Adds to the rollup what began from a time on and was stored before there was a rollup, about so many turns; moves '
    'the mark. Internal: roll_up() calls it.';
REVOKE ALL ON FUNCTION agentctl.roll_up_backlog(timestamptz, integer) FROM PUBLIC;
