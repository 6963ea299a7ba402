CREATE OR REPLACE FUNCTION agentctl.shutdown(conversation text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.submit_operation(conversation, 'shutdown', '{}')
$$;
COMMENT ON FUNCTION agentctl.shutdown(text) IS
    'Closes a conversation: what was submitted before is processed, nothing more is accepted. Returns its number.';
REVOKE ALL ON FUNCTION agentctl.shutdown(text) FROM PUBLIC;
