CREATE OR REPLACE FUNCTION agentctl.deny(approval bigint, reason text DEFAULT NULL, scope text DEFAULT 'once')
    RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.decide(approval, false, reason, scope)
$$;
COMMENT ON FUNCTION agentctl.deny(bigint, text, text) IS
    'Does not let a tool call that waits run; the model is told, with the reason. Otherwise like approve().';
REVOKE ALL ON FUNCTION agentctl.deny(bigint, text, text) FROM PUBLIC;
