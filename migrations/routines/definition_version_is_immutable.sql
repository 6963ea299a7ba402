CREATE OR REPLACE FUNCTION agentctl.definition_version_is_immutable() RETURNS trigger
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a version of a % is immutable', OLD.kind
        USING ERRCODE = 'AC003', HINT = 'Register the changed document: it becomes a new version.';
END $$;
COMMENT ON FUNCTION agentctl.definition_version_is_immutable() IS 'Trigger: refuses to change a stored version.';
REVOKE ALL ON FUNCTION agentctl.definition_version_is_immutable() FROM PUBLIC;

CREATE OR REPLACE TRIGGER definition_version_is_immutable BEFORE UPDATE ON agentctl.definition_version
    FOR EACH ROW EXECUTE FUNCTION agentctl.definition_version_is_immutable();
