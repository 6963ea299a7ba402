-- Rows stay. So whoever has looked finds out by their number that there is another, in whatever order they are
-- committed.
CREATE OR REPLACE FUNCTION agentctl.keep_queue(name text, needs text[]) RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    kept integer;
BEGIN
    SELECT q.key INTO kept FROM work_queue AS q WHERE q.name = keep_queue.name AND q.needs = keep_queue.needs;
    IF kept IS NULL THEN
        INSERT INTO work_queue (name, needs) VALUES (keep_queue.name, keep_queue.needs) ON CONFLICT DO NOTHING;
        SELECT q.key INTO kept FROM work_queue AS q WHERE q.name = keep_queue.name AND q.needs = keep_queue.needs;
    END IF;
    RETURN kept;
END $$;
COMMENT ON FUNCTION agentctl.keep_queue(text, text[]) IS
    'The key of a queue with these needs, in order; made if there is none. Internal.';
REVOKE ALL ON FUNCTION agentctl.keep_queue(text, text[]) FROM PUBLIC;
