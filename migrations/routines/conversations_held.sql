CREATE OR REPLACE FUNCTION agentctl.conversations_held(worker bigint) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN cardinality(agentctl.under_way(conversations_held.worker));
END $$;
COMMENT ON FUNCTION agentctl.conversations_held(bigint) IS 'How many conversations a worker holds now.';
REVOKE ALL ON FUNCTION agentctl.conversations_held(bigint) FROM PUBLIC;
