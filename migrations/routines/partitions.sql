-- Every table of the schema that is partitioned is partitioned by month: the list is the catalog's. A table that has the
-- name of a partition and is detached is none.
CREATE OR REPLACE FUNCTION agentctl.partitions()
RETURNS TABLE (parent text, name text, starts_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' AS $$
    SELECT p.relname, c.relname, b.bounds[1]::timestamptz, b.bounds[2]::timestamptz
    FROM pg_class AS p
    LEFT JOIN pg_inherits AS i ON i.inhparent = p.oid
    LEFT JOIN pg_class AS c ON c.oid = i.inhrelid
    LEFT JOIN LATERAL regexp_match(pg_get_expr(c.relpartbound, c.oid),
        'FROM [(]''([^'']+)''[)] TO [(]''([^'']+)''[)]') AS b (bounds) ON true
    WHERE p.relnamespace = 'agentctl'::regnamespace AND p.relkind = 'p' AND NOT p.relispartition
$$;
COMMENT ON FUNCTION agentctl.partitions() IS
    'The monthly partitions of each table that has such: {parent, name, starts_at, ends_at}; one row without a name for '
    'a table that has none. create_partitions_of() makes them, and drop_partitions() drops them.';
REVOKE ALL ON FUNCTION agentctl.partitions() FROM PUBLIC;
