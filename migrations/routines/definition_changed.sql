-- A definition's change reaches running workers in two ways: the epoch, which each claim returns (certain), and a
-- notification (early). NOTIFY takes a global lock at commit, which is why submit() never does it; here it is rare.
-- The last 20 bits are left to chance: a server that has lost its last commits never gives their epochs out again.
CREATE OR REPLACE FUNCTION agentctl.definition_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    UPDATE definition_epoch SET epoch = (((epoch >> 20) + 1) << 20) | floor(random() * 1048576)::bigint;
    PERFORM pg_notify('agentctl_definitions', '');
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.definition_changed() IS 'Trigger: raises the epoch and notifies agentctl_definitions.';
REVOKE ALL ON FUNCTION agentctl.definition_changed() FROM PUBLIC;

CREATE OR REPLACE TRIGGER definition_changed AFTER INSERT OR UPDATE OR DELETE ON agentctl.definition
    FOR EACH ROW EXECUTE FUNCTION agentctl.definition_changed();

-- Agents are built with the default policy, so another one reaches workers as a changed definition does.
CREATE OR REPLACE TRIGGER definition_changed AFTER INSERT OR UPDATE OR DELETE ON agentctl.setting
    FOR EACH STATEMENT EXECUTE FUNCTION agentctl.definition_changed();
