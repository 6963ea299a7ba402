-- Whoever comes first holds the row of the schedule until the run is stored: another worker passes it by, and finds it
-- due later when it looks again. A conversation whose row is held is tried again a second later.
CREATE OR REPLACE FUNCTION agentctl.run_schedules(
    at timestamptz DEFAULT now(), maximum integer DEFAULT 32, OUT begun integer, OUT wait double precision
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms'
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    state agentctl.schedule_state;
BEGIN
    IF at IS NULL OR NOT isfinite(at) THEN
        RAISE EXCEPTION 'a time is needed' USING ERRCODE = 'AC001';
    END IF;
    begun := 0;
    FOR state IN SELECT s.* FROM schedule_state AS s WHERE s.look_at <= run_schedules.at
                 ORDER BY s.look_at LIMIT run_schedules.maximum FOR NO KEY UPDATE SKIP LOCKED LOOP
        begun := begun + agentctl.run_due_schedule(state, run_schedules.at);
    END LOOP;
    wait := extract(epoch FROM (
        SELECT s.look_at FROM schedule_state AS s WHERE s.look_at IS NOT NULL ORDER BY s.look_at LIMIT 1)
        - run_schedules.at);
END $$;
COMMENT ON FUNCTION agentctl.run_schedules(timestamptz, integer) IS
    'Begins the runs of the schedules that are due at a time, of at most so many schedules, each once whoever calls '
    'it. Returns how many runs, and after how many seconds the next is due; NULL for never. Workers call it.';
REVOKE ALL ON FUNCTION agentctl.run_schedules(timestamptz, integer) FROM PUBLIC;
