CREATE OR REPLACE FUNCTION agentctl.schedule_look(name text, due_at timestamptz, jitter double precision)
RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN due_at + make_interval(secs => coalesce(jitter, 0)
        * (hashtextextended(name || ' ' || extract(epoch FROM due_at), 0) & 1048575) / 1048576);
END $$;
COMMENT ON FUNCTION agentctl.schedule_look(text, timestamptz, double precision) IS
    'When a run that is due is begun: up to jitter seconds later, by a hash of name and time. Internal.';
REVOKE ALL ON FUNCTION agentctl.schedule_look(text, timestamptz, double precision) FROM PUBLIC;
