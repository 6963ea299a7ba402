CREATE OR REPLACE FUNCTION agentctl.definition_routed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    names text[] := ARRAY(SELECT c.name FROM changed AS c WHERE c.kind IN ('agent', 'chain'));
BEGIN
    IF names <> '{}' THEN
        PERFORM agentctl.index_routes(names);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.definition_routed() IS 'Trigger: keeps the index of routing with what is in force.';
REVOKE ALL ON FUNCTION agentctl.definition_routed() FROM PUBLIC;

CREATE OR REPLACE TRIGGER definition_routed_insert AFTER INSERT ON agentctl.definition
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION agentctl.definition_routed();
CREATE OR REPLACE TRIGGER definition_routed_update AFTER UPDATE ON agentctl.definition
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION agentctl.definition_routed();
CREATE OR REPLACE TRIGGER definition_routed_delete AFTER DELETE ON agentctl.definition
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION agentctl.definition_routed();
