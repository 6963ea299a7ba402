CREATE OR REPLACE FUNCTION agentctl.is_dropped(at timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    RETURN isfinite(is_dropped.at) AND to_regclass('agentctl.turn' || to_char(is_dropped.at, '_YYYY_MM')) IS NULL;
END $$;
COMMENT ON FUNCTION agentctl.is_dropped(timestamptz) IS
    'Whether there are no details of a month: they were pruned, or there never were any. Internal.';
REVOKE ALL ON FUNCTION agentctl.is_dropped(timestamptz) FROM PUBLIC;
