CREATE OR REPLACE FUNCTION agentctl.redo(conversation text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.submit_operation(conversation, 'undo', '{"redo": true}')
$$;
COMMENT ON FUNCTION agentctl.redo(text) IS
    'Queues the taking back of the last undo() and returns its number: once what was sent before it is processed, the '
    'model is shown the turns again. It does nothing where there is no undo, or something was said since.';
REVOKE ALL ON FUNCTION agentctl.redo(text) FROM PUBLIC;
