CREATE OR REPLACE FUNCTION agentctl.run_due_schedule(state agentctl.schedule_state, at timestamptz) RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    grace CONSTANT interval := '1 minute';
    most CONSTANT integer := 100;
    schedule jsonb := (SELECT v.document FROM definition_version AS v WHERE v.id = (state).version_id);
    jitter double precision := schedule ->> 'jitter';
    -- Up to here they are late, up to there too late.
    late timestamptz := at - grace - make_interval(secs => jitter);
    gone timestamptz := at - make_interval(secs => (schedule ->> 'catch_up')::double precision);
    due timestamptz := (state).due_at;
    last timestamptz;
    waiting timestamptz;
    begun integer := 0;
    is_begun boolean := true;
BEGIN
    -- The run that waits for the one before it.
    IF NOT agentctl.close_schedule_runs((state).name) THEN
        SELECT r.due_at INTO waiting FROM schedule_run AS r
        WHERE r.name = (state).name AND r.outcome = 'queued' ORDER BY r.due_at LIMIT 1;
        IF FOUND THEN
            is_begun := agentctl.begin_schedule_run(state, waiting, at);
            begun := coalesce(is_begun, false)::integer;
        END IF;
    END IF;

    IF due <= late THEN
        last := CASE schedule ->> 'missed'
            WHEN 'all' THEN CASE WHEN due < gone THEN agentctl.last_due(schedule, due, least(late, gone)) END
            ELSE agentctl.last_due(schedule, due, late) END;
        IF schedule ->> 'missed' = 'once' AND last >= gone AND is_begun IS NOT NULL THEN
            is_begun := agentctl.take_due_run(state, schedule ->> 'overlap', last, at, true);
            begun := begun + coalesce(is_begun, false)::integer;
            waiting := last;
            last := CASE WHEN last > due THEN
                agentctl.last_due(schedule, due, last - interval '1 microsecond') END;
        END IF;
        IF last IS NOT NULL AND is_begun IS NOT NULL THEN
            INSERT INTO schedule_run (name, due_at, version_id, outcome, through, ran_at)
            VALUES ((state).name, due, (state).version_id, 'missed', CASE WHEN last > due THEN last END,
                    run_due_schedule.at)
            ON CONFLICT (name, due_at) DO NOTHING;
        END IF;
        IF is_begun IS NOT NULL THEN
            due := CASE WHEN greatest(last, waiting) >= due THEN
                agentctl.next_due(schedule, greatest(last, waiting)) ELSE due END;
        END IF;
    END IF;
    FOR count IN 1..most LOOP
        EXIT WHEN is_begun IS NULL OR due IS NULL OR agentctl.schedule_look((state).name, due, jitter) > at;
        is_begun := agentctl.take_due_run(state, schedule ->> 'overlap', due, at, due <= late);
        begun := begun + coalesce(is_begun, false)::integer;
        due := CASE WHEN is_begun IS NULL THEN due ELSE agentctl.next_due(schedule, due) END;
    END LOOP;

    UPDATE schedule_state AS s
    SET due_at = due, look_at = CASE
        WHEN is_begun IS NULL THEN at + interval '1 second'
        WHEN EXISTS (SELECT FROM schedule_run AS r WHERE r.name = (state).name AND r.outcome = 'queued')
        THEN least(agentctl.schedule_look(s.name, due, jitter), at + interval '1 second')
        ELSE agentctl.schedule_look(s.name, due, jitter) END
    WHERE s.name = (state).name;
    RETURN begun;
END $$;
COMMENT ON FUNCTION agentctl.run_due_schedule(agentctl.schedule_state, timestamptz) IS
    'Begins what is due of a schedule whose row is locked, at most 100 runs at once, and says when it is due next; '
    'returns how many runs. Internal: run_schedules() calls it.';
REVOKE ALL ON FUNCTION agentctl.run_due_schedule(agentctl.schedule_state, timestamptz) FROM PUBLIC;
