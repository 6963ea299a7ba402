CREATE OR REPLACE FUNCTION agentctl.may_read_all() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN agentctl.holds_role(agentctl.caller(), 'agentctl_reader') OR agentctl.may_see_all();
END $$;
COMMENT ON FUNCTION agentctl.may_read_all() IS
    'Whether the caller may read what others started, and all definitions: readers, workers and owners.';
REVOKE ALL ON FUNCTION agentctl.may_read_all() FROM PUBLIC;
