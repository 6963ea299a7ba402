-- Whatever is in force refers only to what is in force. Checked at commit, when the references of a new version are
-- there; the lock that every change of definitions takes keeps two of them from passing each other.
CREATE OR REPLACE FUNCTION agentctl.definition_keeps_references() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    broken text;
BEGIN
    SELECT format('%s "%s" refers to %s "%s", which is not in force', user_of.kind, user_of.name, r.kind, r.name)
    INTO broken
    FROM definition AS gone
    JOIN definition_reference AS r ON r.kind = gone.kind AND r.name = gone.name
    JOIN definition_version AS v ON v.id = r.version_id
    JOIN definition AS user_of ON user_of.kind = v.kind AND user_of.name = v.name
        AND user_of.current_version = v.version
    WHERE gone.current_version IS NULL
    ORDER BY 1 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '%', broken USING ERRCODE = 'AC003', HINT = 'Register it again, or change what refers to it.';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.definition_keeps_references() IS
    'Trigger: refuses a definition in force that refers to one that is not.';
REVOKE ALL ON FUNCTION agentctl.definition_keeps_references() FROM PUBLIC;

DROP TRIGGER IF EXISTS definition_keeps_references ON agentctl.definition;
CREATE CONSTRAINT TRIGGER definition_keeps_references AFTER INSERT OR UPDATE ON agentctl.definition
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION agentctl.definition_keeps_references();
