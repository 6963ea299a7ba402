-- replaces: add_worked_off(agentctl.worked_off[], integer, integer, integer, timestamptz, timestamptz)
CREATE OR REPLACE FUNCTION agentctl.add_worked_off(
    known agentctl.read_lane[], read agentctl.read_lane, began timestamptz
) RETURNS agentctl.read_lane[]
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    -- A transaction commits a little after it has made something ready.
    slack CONSTANT interval := '100 ms';
    most CONSTANT integer := 16;
BEGIN
    RETURN ARRAY(
        SELECT n.entry FROM (
            SELECT (w.priority, w.queue_key, w.account_key, w.lane, max(w.until))::read_lane AS entry
            FROM (
                SELECT w.priority, w.queue_key, w.account_key, w.lane, CASE
                    WHEN (w.priority, w.queue_key, w.account_key) = (read.priority, read.queue_key, read.account_key)
                        AND w.lane < read.lane THEN greatest(w.until, began - slack) ELSE w.until END AS until
                FROM unnest(add_worked_off.known) AS w
                UNION ALL
                SELECT read.priority, read.queue_key, read.account_key, read.lane, read.until - slack
            ) AS w
            GROUP BY w.priority, w.queue_key, w.account_key, w.lane
            ORDER BY max(w.until) DESC LIMIT most
        ) AS n
        ORDER BY n.entry);
END $$;
COMMENT ON FUNCTION agentctl.add_worked_off(agentctl.read_lane[], agentctl.read_lane, timestamptz) IS
    'What a session remembers as worked off once it has taken what a lane had until a time, and what the lanes before '
    'it had when it began: the sixteen latest, in order of the queue. Internal: lock_ready() calls it.';
REVOKE ALL ON FUNCTION agentctl.add_worked_off(agentctl.read_lane[], agentctl.read_lane, timestamptz) FROM PUBLIC;
