CREATE OR REPLACE FUNCTION agentctl.count_memories() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    counted bigint;
BEGIN
    UPDATE memory_scope AS s SET memories = c.memories
    FROM (SELECT g.id, (SELECT count(*) FROM memory AS m WHERE m.scope_id = g.id) AS memories
          FROM memory_scope AS g) AS c
    WHERE c.id = s.id AND c.memories <> s.memories;
    WITH counts AS MATERIALIZED (
        SELECT t.term, count(*) AS memories FROM memory AS m, unnest(m.terms) AS t (term)
        GROUP BY t.term HAVING count(*) > 500
    ), gone AS (
        DELETE FROM common_term AS o WHERE NOT EXISTS (SELECT FROM counts AS c WHERE c.term = o.term)
    ), kept AS (
        INSERT INTO common_term AS o (term, memories) SELECT c.term, c.memories FROM counts AS c
        ON CONFLICT (term) DO UPDATE SET memories = excluded.memories WHERE o.memories <> excluded.memories
    )
    SELECT count(*) INTO counted FROM counts;
    RETURN counted;
END $$;
COMMENT ON FUNCTION agentctl.count_memories() IS
    'Counts what search is fast by: memories a scope, and the terms that more than 500 memories have. Returns how many '
    'those are. Workers call it hourly; safe to run again.';
REVOKE ALL ON FUNCTION agentctl.count_memories() FROM PUBLIC;
