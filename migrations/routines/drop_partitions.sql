-- Dropping takes no longer for many rows than for few, and has to wait for all who read the partition.
CREATE OR REPLACE FUNCTION agentctl.drop_partitions(
    before timestamptz, maximum integer, dry_run boolean, OUT dropped text[], OUT kept text[]
)
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET lock_timeout = '500ms' AS $$
DECLARE
    partition text;
BEGIN
    dropped := '{}';
    kept := '{}';
    FOR partition IN
        SELECT p.name FROM agentctl.partitions() AS p WHERE p.ends_at <= drop_partitions.before ORDER BY p.name
    LOOP
        EXIT WHEN cardinality(dropped) >= drop_partitions.maximum;
        BEGIN
            IF NOT dry_run THEN
                EXECUTE format('DROP TABLE agentctl.%I', partition);
            END IF;
            dropped := dropped || partition;
        EXCEPTION WHEN lock_not_available OR undefined_table THEN
            -- Another session reads it, or has dropped it just now.
            kept := kept || partition;
        END;
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.drop_partitions(timestamptz, integer, boolean) IS
    'Drops the monthly partitions that end at that time or before it, at most maximum of them (NULL: all); kept are those '
    'that another session reads. With dry_run nothing is dropped. Internal: prune_records() calls it.';
REVOKE ALL ON FUNCTION agentctl.drop_partitions(timestamptz, integer, boolean) FROM PUBLIC;
