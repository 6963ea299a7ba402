-- Tasks end in many ways, and one that is tried again has not ended.
CREATE OR REPLACE FUNCTION agentctl.task_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    mark record;
BEGIN
    IF NEW.finished_at IS NOT NULL THEN
        NEW.ended_by := pg_current_xact_id()::text::bigint + (SELECT m.shift FROM rollup_mark AS m);
        RETURN NEW;
    END IF;
    -- Where it stands is asked under the lock: it may just be moving past this task.
    SELECT m.recorded_before, m.backlog_from INTO mark FROM rollup_mark AS m FOR SHARE;
    IF OLD.ended_by > 0 AND OLD.ended_by < mark.recorded_before
        OR OLD.ended_by = 0 AND OLD.created_at < mark.backlog_from
    THEN
        PERFORM agentctl.add_tasks(ARRAY[OLD.id], -1);
    END IF;
    NEW.ended_by := NULL;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agentctl.task_ended() IS
    'Trigger: notes the transaction that ends a task; one that is tried again is taken out of the rollup.';
REVOKE ALL ON FUNCTION agentctl.task_ended() FROM PUBLIC;

CREATE OR REPLACE TRIGGER task_ended BEFORE UPDATE OF finished_at ON agentctl.task
    FOR EACH ROW WHEN ((NEW.finished_at IS NULL) <> (OLD.finished_at IS NULL)) EXECUTE FUNCTION agentctl.task_ended();
CREATE OR REPLACE TRIGGER task_began_ended BEFORE INSERT ON agentctl.task
    FOR EACH ROW WHEN (NEW.finished_at IS NOT NULL) EXECUTE FUNCTION agentctl.task_ended();
