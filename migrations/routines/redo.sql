CREATE OR REPLACE FUNCTION agentctl.redo(conversation text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.submit_operation(conversation, 'undo', '{"redo": true}')
$$;
COMMENT ON FUNCTION agentctl.redo(text) IS
    'Takes the last undo() back: the model is shown the turns again, when the messages before it are processed; '
    'returns its number. It does nothing where something was said since.';
REVOKE ALL ON FUNCTION agentctl.redo(text) FROM PUBLIC;
