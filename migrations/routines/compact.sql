CREATE OR REPLACE FUNCTION agentctl.compact(conversation text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.submit_operation(conversation, 'compact', '{}')
$$;
COMMENT ON FUNCTION agentctl.compact(text) IS
    'Has the oldest turns of a conversation, all but the last two, summarized for the model, when the messages before '
    'it are processed; returns its number. The messages stay; undo_compaction() takes it back.';
REVOKE ALL ON FUNCTION agentctl.compact(text) FROM PUBLIC;
