-- Rows of earlier months need partitions that create_partitions(), which looks ahead, does not make. A table of that
-- name that was detached is attached again. Callers take turns, by a lock that nobody without rights can take: an advisory
-- lock is everybody's.
CREATE OR REPLACE FUNCTION agentctl.create_partitions_of(parent text, times timestamptz[]) RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' AS $$
DECLARE
    month timestamptz;
    partition text;
    is_attached boolean;
    made integer := 0;
BEGIN
    FOR month IN SELECT DISTINCT date_trunc('month', t) FROM unnest(times) AS t WHERE t IS NOT NULL ORDER BY 1 LOOP
        partition := parent || to_char(month, '_YYYY_MM');
        FOR look IN 1..2 LOOP
            is_attached := EXISTS (
                SELECT FROM pg_inherits AS i
                WHERE i.inhparent = to_regclass(format('agentctl.%I', parent))
                  AND i.inhrelid = to_regclass(format('agentctl.%I', partition)));
            EXIT WHEN is_attached;
            LOCK TABLE agentctl.migration IN SHARE UPDATE EXCLUSIVE MODE;
        END LOOP;
        CONTINUE WHEN is_attached;
        IF made = 600 THEN
            RAISE EXCEPTION 'the times lie in more than 600 months without partitions' USING ERRCODE = 'AC001';
        END IF;
        IF to_regclass(format('agentctl.%I', partition)) IS NULL THEN
            EXECUTE format('CREATE TABLE agentctl.%I (LIKE agentctl.%I INCLUDING ALL)', partition, parent);
        END IF;
        EXECUTE format('ALTER TABLE agentctl.%I ATTACH PARTITION agentctl.%I FOR VALUES FROM (%L) TO (%L)',
            parent, partition, month, month + interval '1 month');
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
COMMENT ON FUNCTION agentctl.create_partitions_of(text, timestamptz[]) IS
    'Makes the monthly partitions of a table that rows of these times need; returns how many were missing. Internal: '
    'create_partitions() calls it, and what stores rows of other months.';
REVOKE ALL ON FUNCTION agentctl.create_partitions_of(text, timestamptz[]) FROM PUBLIC;
