CREATE OR REPLACE FUNCTION agentctl.undo_compaction(conversation text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.submit_operation(conversation, 'compact', '{"undo": true}')
$$;
COMMENT ON FUNCTION agentctl.undo_compaction(text) IS
    'Takes the last compaction back: the model is shown the messages again, or the summary before it. Returns its '
    'number.';
REVOKE ALL ON FUNCTION agentctl.undo_compaction(text) FROM PUBLIC;
