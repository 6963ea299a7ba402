CREATE OR REPLACE FUNCTION agentctl.require_task(task bigint) RETURNS agentctl.task
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.task;
BEGIN
    SELECT t.* INTO asked FROM task AS t WHERE t.id = require_task.task AND agentctl.may_see(t.created_by);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no task %', coalesce(require_task.task::text, 'null') USING ERRCODE = 'AC002',
            HINT = 'See agentctl.tasks.';
    END IF;
    RETURN asked;
END $$;
COMMENT ON FUNCTION agentctl.require_task(bigint) IS
    'A task''s row. Fails with AC002 unless it exists and the caller may act on it. Internal.';
REVOKE ALL ON FUNCTION agentctl.require_task(bigint) FROM PUBLIC;
