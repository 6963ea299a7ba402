-- A document says who may use what it defines, or says nothing about it. What was open before there were grants stays
-- open as long as no document says otherwise; taking the field out again takes back what it gave.
CREATE OR REPLACE FUNCTION agentctl.definition_access() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    said text := (SELECT v.document ->> 'access' FROM definition_version AS v
                  WHERE v.kind = NEW.kind AND v.name = NEW.name AND v.version = NEW.current_version);
BEGIN
    IF said IS NOT NULL THEN
        NEW.access := said;
    ELSIF TG_OP = 'INSERT' THEN
        NEW.access := 'granted';
    ELSIF EXISTS (
        SELECT FROM definition_version AS v
        WHERE v.kind = OLD.kind AND v.name = OLD.name AND v.version = OLD.current_version AND v.document ? 'access')
    THEN
        NEW.access := 'granted';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agentctl.definition_access() IS
    'Trigger: keeps who may use a definition with the version in force.';
REVOKE ALL ON FUNCTION agentctl.definition_access() FROM PUBLIC;

CREATE OR REPLACE TRIGGER definition_access BEFORE INSERT OR UPDATE OF current_version ON agentctl.definition
    FOR EACH ROW EXECUTE FUNCTION agentctl.definition_access();
