CREATE OR REPLACE FUNCTION agentctl.next_due(schedule jsonb, after timestamptz) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    zone text := coalesce(schedule ->> 'time_zone', 'UTC');
    -- A time that is the first moment of all counts.
    first timestamptz := agentctl.schedule_time(schedule ->> 'from', zone) - interval '1 microsecond';
    due timestamptz;
BEGIN
    due := agentctl.next_time(schedule ->> 'cron', zone, greatest(after, first));
    RETURN CASE WHEN due > agentctl.schedule_time(schedule ->> 'until', zone) THEN NULL ELSE due END;
END $$;
COMMENT ON FUNCTION agentctl.next_due(jsonb, timestamptz) IS
    'When a schedule, given as its document, is due after a moment; NULL for never. Internal.';
REVOKE ALL ON FUNCTION agentctl.next_due(jsonb, timestamptz) FROM PUBLIC;
