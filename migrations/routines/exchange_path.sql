CREATE OR REPLACE FUNCTION agentctl.exchange_path(key text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    SELECT CASE WHEN key ~ '^[A-Za-z_][A-Za-z0-9_-]{0,63}$' THEN key ELSE to_json(left(key, 64))::text END
$$;
COMMENT ON FUNCTION agentctl.exchange_path(text) IS 'A key as a path has it: quoted unless it is a plain word.';
REVOKE ALL ON FUNCTION agentctl.exchange_path(text) FROM PUBLIC;
