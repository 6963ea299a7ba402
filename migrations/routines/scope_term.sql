-- first: a generated column calls it
CREATE OR REPLACE FUNCTION agentctl.scope_term(scope_id integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    SELECT hashtext('scope:' || scope_term.scope_id)
$$;
COMMENT ON FUNCTION agentctl.scope_term(integer) IS
    'The term that all memories of a scope have: a word is found within a scope without visiting what others remember.';
REVOKE ALL ON FUNCTION agentctl.scope_term(integer) FROM PUBLIC;
