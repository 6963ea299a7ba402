-- Whoever inserts tasks: their place in the tree, owner, agent, deadline and budget follow from their parents, and
-- what a row says of its place itself is not taken. All rows of a statement are placed at once, and begun.
CREATE OR REPLACE FUNCTION agentctl.place_tasks() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    own record;
    placed record;
    begun bigint[];
BEGIN
    -- One parent at a time, by keys only: how many turns are in progress must not matter.
    FOR own IN
        SELECT n.parent_conversation_id AS parent, n.parent_seq AS seq, array_agg(n.id ORDER BY n.id) AS tasks,
               greatest(count(*) FILTER (WHERE n.finished_at IS NULL), 1) AS shares,
               bool_or(n.agent IS NULL) AS are_unnamed
        FROM new_tasks AS n GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
        placed := agentctl.place_tasks_of(own.parent, own.seq, own.tasks, own.shares, own.are_unnamed);
        -- What was written of them as well is taken back with it.
        IF placed.wrong IS NOT NULL THEN
            PERFORM agentctl.refuse_task(placed.wrong);
        END IF;
        begun := begun || placed.begun;
    END LOOP;
    IF begun IS NOT NULL THEN
        PERFORM agentctl.begin_tasks(begun);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.place_tasks() IS
    'Trigger: gives new tasks their place below their parents, refuses those that go too deep or lead back (AC003), '
    'and begins the others.';
REVOKE ALL ON FUNCTION agentctl.place_tasks() FROM PUBLIC;

CREATE OR REPLACE TRIGGER place_tasks AFTER INSERT ON agentctl.task
    REFERENCING NEW TABLE AS new_tasks FOR EACH STATEMENT EXECUTE FUNCTION agentctl.place_tasks();
