CREATE OR REPLACE FUNCTION agentctl.schedule_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    -- What decides when it is due: anything else can change without a run being lost.
    timing CONSTANT text[] := '{cron,time_zone,jitter,from,until,enabled}';
    version record;
    before jsonb;
    state record;
    due timestamptz;
BEGIN
    IF NEW.current_version IS NULL THEN
        UPDATE schedule_run AS r SET outcome = 'skipped', error_message = 'the schedule was taken out of force'
        WHERE r.name = NEW.name AND r.outcome = 'queued';
        DELETE FROM schedule_state AS s WHERE s.name = NEW.name;
        RETURN NULL;
    END IF;
    SELECT v.id, v.document INTO version FROM definition_version AS v
    WHERE v.kind = NEW.kind AND v.name = NEW.name AND v.version = NEW.current_version;
    SELECT s.*, v.document INTO state
    FROM schedule_state AS s JOIN definition_version AS v ON v.id = s.version_id
    WHERE s.name = NEW.name FOR NO KEY UPDATE OF s;
    IF FOUND AND NOT EXISTS (
        SELECT FROM unnest(timing) AS t (field)
        WHERE state.document -> t.field IS DISTINCT FROM version.document -> t.field)
    THEN
        UPDATE schedule_state AS s SET version_id = version.id WHERE s.name = NEW.name;
        RETURN NULL;
    END IF;
    IF state.paused_at IS NULL AND version.document -> 'enabled' <> 'false' THEN
        due := agentctl.next_due(version.document, now());
    END IF;
    INSERT INTO schedule_state AS s (name, version_id, due_at, look_at)
    VALUES (NEW.name, version.id, due,
            agentctl.schedule_look(NEW.name, due, (version.document ->> 'jitter')::double precision))
    ON CONFLICT (name) DO UPDATE
        SET version_id = excluded.version_id, due_at = excluded.due_at, look_at = excluded.look_at;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.schedule_changed() IS
    'Trigger: keeps schedule_state with the schedules in force. Another cron text, time zone or time counts from now.';
REVOKE ALL ON FUNCTION agentctl.schedule_changed() FROM PUBLIC;

CREATE OR REPLACE TRIGGER schedule_changed AFTER INSERT OR UPDATE OF current_version ON agentctl.definition
    FOR EACH ROW WHEN (NEW.kind = 'schedule') EXECUTE FUNCTION agentctl.schedule_changed();
