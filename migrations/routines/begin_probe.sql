-- The condition stands in the UPDATE: of all who ask at once one gets it.
CREATE OR REPLACE FUNCTION agentctl.begin_probe(
    endpoint text, seconds double precision, OUT probe uuid, OUT wait double precision
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE endpoint_state AS e
    SET probe = gen_random_uuid(), changed_at = clock_timestamp(),
        -- A worker that is killed holds the others up for so long.
        probe_until = clock_timestamp() + least(greatest(begin_probe.seconds, 1), 120) * interval '1 s'
    WHERE e.endpoint = begin_probe.endpoint AND e.probe_at <= clock_timestamp()
      AND (e.probe_until IS NULL OR e.probe_until <= clock_timestamp())
    RETURNING e.probe INTO begin_probe.probe;
    IF begin_probe.probe IS NULL THEN
        begin_probe.wait := agentctl.endpoint_wait(begin_probe.endpoint);
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.begin_probe(text, double precision) IS
    'Asks to be the one call that finds out whether an open endpoint answers again, within so many seconds, 120 at '
    'most; another one may then. probe: it '
    'is, and says so with end_probe(). wait: seconds until it makes sense to ask again. Both NULL: the endpoint is '
    'asked like any other.';
REVOKE ALL ON FUNCTION agentctl.begin_probe(text, double precision) FROM PUBLIC;
