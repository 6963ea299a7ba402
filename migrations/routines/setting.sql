-- first: defaults of columns call it
CREATE OR REPLACE FUNCTION agentctl.setting(name text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN (SELECT s.value FROM setting AS s WHERE s.name = setting.name);
END $$;
COMMENT ON FUNCTION agentctl.setting(text) IS 'The value of a setting.';
REVOKE ALL ON FUNCTION agentctl.setting(text) FROM PUBLIC;
