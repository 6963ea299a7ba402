CREATE OR REPLACE FUNCTION agentctl.require_schedule(name text) RETURNS agentctl.schedule_state
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    state agentctl.schedule_state;
BEGIN
    SELECT s.* INTO state FROM schedule_state AS s JOIN definition_version AS v ON v.id = s.version_id
    WHERE s.name = require_schedule.name AND agentctl.may_see(v.created_by) FOR NO KEY UPDATE OF s;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no schedule "%"', coalesce(require_schedule.name, 'null') USING ERRCODE = 'AC002',
            HINT = coalesce('Did you mean ' || agentctl.nearest(require_schedule.name, ARRAY(
                SELECT s.name FROM schedule_state AS s JOIN definition_version AS v ON v.id = s.version_id
                WHERE agentctl.may_see(v.created_by))) || '?', 'See agentctl.schedules.');
    END IF;
    RETURN state;
END $$;
COMMENT ON FUNCTION agentctl.require_schedule(text) IS
    'Locks the row of a schedule and returns it. Fails with AC002 unless it is in force and the caller may act on it. '
    'Internal.';
REVOKE ALL ON FUNCTION agentctl.require_schedule(text) FROM PUBLIC;
