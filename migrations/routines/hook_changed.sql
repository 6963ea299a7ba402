CREATE OR REPLACE FUNCTION agentctl.hook_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    version record;
BEGIN
    SELECT v.id, v.document, v.created_by INTO version FROM definition_version AS v
    WHERE v.kind = NEW.kind AND v.name = NEW.name AND v.version = NEW.current_version;
    IF version.id IS NULL OR version.document -> 'enabled' = 'false' THEN
        DELETE FROM hook_state AS h WHERE h.name = NEW.name;
        IF version.id IS NULL THEN
            PERFORM agentctl.bury_deliveries(NEW.name, 'the hook was taken out of force');
        END IF;
        RETURN NULL;
    END IF;
    INSERT INTO hook_state AS h (name, version_id, owner, events, responders)
    SELECT NEW.name, version.id, version.created_by,
           ARRAY(SELECT jsonb_array_elements_text(version.document -> 'events')), nullif(ARRAY(
               SELECT jsonb_array_elements_text(version.document -> 'agents')
               UNION SELECT jsonb_array_elements_text(version.document -> 'chains')), '{}')
    ON CONFLICT (name) DO UPDATE
        SET version_id = excluded.version_id, owner = excluded.owner, events = excluded.events,
            responders = excluded.responders, stopped_at = NULL, stopped_for = NULL;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.hook_changed() IS
    'Trigger: keeps hook_state with the hooks in force. A new version is sent to again if the one before was stopped.';
REVOKE ALL ON FUNCTION agentctl.hook_changed() FROM PUBLIC;

CREATE OR REPLACE TRIGGER hook_changed AFTER INSERT OR UPDATE OF current_version ON agentctl.definition
    FOR EACH ROW WHEN (NEW.kind = 'hook') EXECUTE FUNCTION agentctl.hook_changed();
