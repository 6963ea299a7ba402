-- Every table of the schema that is partitioned is partitioned by month: the list is the catalog's.
CREATE OR REPLACE FUNCTION agentctl.create_partitions(months_ahead integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'partitions can be made for 0 to 120 months ahead' USING ERRCODE = 'AC001';
    END IF;
    RETURN (
        SELECT coalesce(sum(agentctl.create_partitions_of(parent.relname, ARRAY(
            SELECT date_trunc('month', now()) + make_interval(months => m)
            FROM generate_series(-1, months_ahead) AS m))), 0)
        FROM (SELECT c.relname FROM pg_class AS c
              WHERE c.relnamespace = 'agentctl'::regnamespace AND c.relkind = 'p' AND NOT c.relispartition
              ORDER BY c.relname) AS parent);
END $$;
COMMENT ON FUNCTION agentctl.create_partitions(integer) IS
    'Makes the monthly partitions from last month to that many months ahead; returns how many were missing.';
REVOKE ALL ON FUNCTION agentctl.create_partitions(integer) FROM PUBLIC;
