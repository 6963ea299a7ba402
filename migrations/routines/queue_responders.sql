CREATE OR REPLACE FUNCTION agentctl.queue_responders(names text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    -- What waits in a database that had no queues waits in that of the key 1.
    is_first CONSTANT boolean := NOT EXISTS (SELECT FROM responder_queue);
    placed record;
    moved text[] := '{}';
BEGIN
    DELETE FROM responder_queue AS r
    WHERE r.name = ANY (names)
      AND NOT EXISTS (SELECT FROM definition AS d WHERE d.kind IN ('agent', 'chain') AND d.name = r.name
          AND d.current_version IS NOT NULL);
    FOR placed IN
        SELECT d.name, r.queue_key AS before,
               agentctl.keep_queue(coalesce(v.document ->> 'queue', 'default'), agentctl.responder_needs(d.name)) AS key
        FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        LEFT JOIN responder_queue AS r ON r.name = d.name
        WHERE d.kind IN ('agent', 'chain') AND d.name = ANY (names)
    LOOP
        CONTINUE WHEN placed.before = placed.key;
        INSERT INTO responder_queue AS r (name, queue_key) VALUES (placed.name, placed.key)
        ON CONFLICT (name) DO UPDATE
        SET queue_key = excluded.queue_key, moved_at = clock_timestamp(), moved_before = NULL;
        IF placed.before IS NOT NULL OR is_first THEN
            moved := moved || placed.name;
        END IF;
    END LOOP;
    RETURN agentctl.requeue(moved);
END $$;
COMMENT ON FUNCTION agentctl.queue_responders(text[]) IS
    'Computes the queues of agents and chains as they are in force, and has what waits for those that moved wait in '
    'the new one; returns how many conversations. Internal.';
REVOKE ALL ON FUNCTION agentctl.queue_responders(text[]) FROM PUBLIC;
