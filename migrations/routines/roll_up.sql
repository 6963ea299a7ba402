-- A transaction whose number is below that of all that are in progress has ended: what it stored is seen, and nothing
-- more comes of it. So a mark by these numbers neither misses what commits late nor counts anything twice, and a
-- transaction that is left open holds up the mark and nothing else. Whoever holds the row of the mark is the only one
-- who adds; a statement after that sees all that was committed before.
CREATE OR REPLACE FUNCTION agentctl.roll_up(maximum integer DEFAULT 10000) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    mark record;
    ended bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    upper bigint;
    keys record;
    calls record;
    summaries record;
    tasks bigint[];
BEGIN
    -- An older snapshot could see what another transaction has counted and deleted since.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RETURN false;
    END IF;
    SELECT m.recorded_before, m.backlog_from, m.shift INTO mark FROM rollup_mark AS m FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    IF mark.backlog_from < 'infinity' THEN
        RETURN agentctl.roll_up_backlog(mark.backlog_from, maximum);
    END IF;
    ended := ended + mark.shift;
    -- So many turns, and what else the transaction of the last of them has stored.
    SELECT t.recorded_by + 1 INTO upper FROM turn AS t
    WHERE t.recorded_by >= mark.recorded_before AND t.recorded_by < ended AND t.recorded_by > 0
    ORDER BY t.recorded_by OFFSET greatest(maximum, 1) - 1 LIMIT 1;
    upper := coalesce(upper, ended);

    SELECT array_agg(t.conversation_id) AS conversations, array_agg(t.seq) AS seqs, array_agg(t.started_at) AS times,
           count(*) AS total
    INTO keys FROM turn AS t
    WHERE t.recorded_by >= mark.recorded_before AND t.recorded_by < upper AND t.recorded_by > 0;
    SELECT array_agg(c.id) AS ids, array_agg(c.started_at) AS times INTO calls FROM function_call AS c
    WHERE c.recorded_by >= mark.recorded_before AND c.recorded_by < upper AND c.recorded_by > 0
      AND c.conversation_id IS NULL;
    SELECT array_agg(o.conversation_id) AS conversations, array_agg(o.number) AS numbers INTO summaries
    FROM compaction AS o
    WHERE o.recorded_by >= mark.recorded_before AND o.recorded_by < upper AND o.model IS NOT NULL;
    SELECT array_agg(t.id) INTO tasks FROM task AS t
    WHERE t.ended_by >= mark.recorded_before AND t.ended_by < upper AND t.ended_by > 0;

    FOR place IN 1..keys.total BY greatest(maximum, 1) LOOP
        PERFORM agentctl.add_turns(keys.conversations[place:place + maximum - 1],
            keys.seqs[place:place + maximum - 1], keys.times[place:place + maximum - 1]);
    END LOOP;
    PERFORM agentctl.add_function_calls(calls.ids, calls.times, NULL);
    PERFORM agentctl.add_compactions(summaries.conversations, summaries.numbers);
    PERFORM agentctl.add_tasks(tasks);
    IF keys.total > 0 OR calls.ids IS NOT NULL OR summaries.numbers IS NOT NULL OR tasks IS NOT NULL THEN
        UPDATE rollup_mark AS m SET recorded_before = upper, rolled_at = clock_timestamp();
    END IF;
    RETURN upper < ended;
END $$;
COMMENT ON FUNCTION agentctl.roll_up(integer) IS
    'Adds to the rollup what transactions that have ended have stored: about so many turns with their calls, and the '
    'tasks that have ended; returns whether there is more. One at a time: another call returns false at once, and so does '
    'one in a transaction that is not READ COMMITTED. Workers call it every few seconds.';
REVOKE ALL ON FUNCTION agentctl.roll_up(integer) FROM PUBLIC;
