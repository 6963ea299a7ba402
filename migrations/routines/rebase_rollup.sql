-- In a database that was restored on another server the transactions begin from low numbers again: what they store
-- would count as rolled up long ago. From then on as much is added to the numbers that they are above all that there are.
CREATE OR REPLACE FUNCTION agentctl.rebase_rollup() RETURNS boolean
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
    added bigint;
    place text;
BEGIN
    PERFORM FROM rollup_mark AS m
    WHERE m.recorded_before > pg_snapshot_xmax(pg_current_snapshot())::text::bigint + m.shift;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    LOCK TABLE turn, function_call, compaction IN ACCESS EXCLUSIVE MODE;
    SELECT greatest(m.recorded_before, (SELECT max(t.recorded_by) FROM turn AS t),
        (SELECT max(c.recorded_by) FROM function_call AS c), (SELECT max(o.recorded_by) FROM compaction AS o),
        (SELECT max(t.ended_by) FROM task AS t)) INTO added
    FROM rollup_mark AS m
    -- Another session may have done it just now.
    WHERE m.recorded_before > pg_snapshot_xmax(pg_current_snapshot())::text::bigint + m.shift
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE rollup_mark AS m SET shift = added;
    FOREACH place IN ARRAY '{turn,function_call,compaction}'::text[] LOOP
        EXECUTE format('ALTER TABLE ONLY agentctl.%I ALTER COLUMN recorded_by '
            'SET DEFAULT pg_current_xact_id()::text::bigint + %s', place, added);
    END LOOP;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.rebase_rollup() IS
    'Sees to it that the rollup goes on in a database that was restored on another server; returns whether it was such '
    'a one. Internal: workers that start call it, and grant_roles().';
REVOKE ALL ON FUNCTION agentctl.rebase_rollup() FROM PUBLIC;
