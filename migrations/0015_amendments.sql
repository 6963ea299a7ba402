-- What a turn has taken up is passed in one statement, and monthly partitions are made in one place.

CREATE OR REPLACE FUNCTION agentctl.pass_taken(conversation text, seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE conversation_control AS c
    SET head_seq = passed.seq,
        state = CASE WHEN c.tail_seq > passed.seq THEN c.state ELSE 'idle' END,
        ready_at = CASE WHEN c.tail_seq > passed.seq THEN c.ready_at END
    FROM (SELECT coalesce(waiting.seq - 1, o.tail_seq) AS seq
          FROM conversation_control AS o
          LEFT JOIN LATERAL (
              SELECT s.seq FROM submission AS s
              WHERE s.conversation_id = o.conversation_id AND s.seq > pass_taken.seq AND s.taken_by IS NULL
              ORDER BY s.seq LIMIT 1
          ) AS waiting ON true
          WHERE o.conversation_id = pass_taken.conversation) AS passed
    WHERE c.conversation_id = pass_taken.conversation AND passed.seq > c.head_seq;
END $$;

CREATE OR REPLACE FUNCTION agentctl.create_partitions(months_ahead integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'partitions can be made for 0 to 120 months ahead' USING ERRCODE = 'AC001';
    END IF;
    RETURN (
        SELECT coalesce(sum(agentctl.create_partitions_of(parent.relname, ARRAY(
            SELECT date_trunc('month', now()) + make_interval(months => m) FROM generate_series(-1, months_ahead) AS m))), 0)
        FROM (SELECT c.relname FROM pg_class AS c
              WHERE c.relnamespace = 'agentctl'::regnamespace AND c.relkind = 'p' AND NOT c.relispartition
              ORDER BY c.relname) AS parent);
END $$;
COMMENT ON FUNCTION agentctl.create_partitions_of(text, timestamptz[]) IS 'Makes the monthly partitions of a table that rows of these times need; returns how many were missing. Internal: create_partitions() calls it, and what stores rows of other months.';
