CREATE OR REPLACE FUNCTION agentctl.approve(approval bigint, reason text DEFAULT NULL, scope text DEFAULT 'once')
    RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.decide(approval, true, reason, scope)
$$;
COMMENT ON FUNCTION agentctl.approve(bigint, text, text) IS
    'Lets a tool call that waits run; scope: once, conversation (the same again in this conversation) or always (of '
    'this agent in any). Returns whether the turn resumes, as nothing else of it waits. Fails with AC003 when it was '
    'decided or has expired, and with AC004 when it is for others to decide.';
REVOKE ALL ON FUNCTION agentctl.approve(bigint, text, text) FROM PUBLIC;
