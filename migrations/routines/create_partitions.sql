CREATE OR REPLACE FUNCTION agentctl.create_partitions(months_ahead integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
    times timestamptz[];
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'partitions can be made for 0 to 120 months ahead' USING ERRCODE = 'AC001';
    END IF;
    times := ARRAY(
        SELECT date_trunc('month', now()) + make_interval(months => m) FROM generate_series(-1, months_ahead) AS m
        UNION
        -- Where turns in progress are stored when they end, which may have begun long ago, or by another clock.
        SELECT date_trunc('month', p.started_at) FROM turn_progress AS p
        UNION
        SELECT date_trunc('month', s.created_at) FROM work_list AS w
        JOIN conversation_control AS c ON c.conversation_id = w.conversation_id
        JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq = c.head_seq + 1
        WHERE w.state = 'running');
    RETURN (
        SELECT coalesce(sum(agentctl.create_partitions_of(p.parent, times)), 0)
        FROM (SELECT DISTINCT p.parent FROM agentctl.partitions() AS p ORDER BY p.parent) AS p);
END $$;
COMMENT ON FUNCTION agentctl.create_partitions(integer) IS
    'Makes the monthly partitions from last month to that many months ahead, and those that turns in progress need; '
    'returns how many were missing. Fails with 55P03 when a table was locked for two seconds.';
REVOKE ALL ON FUNCTION agentctl.create_partitions(integer) FROM PUBLIC;
