CREATE OR REPLACE FUNCTION agentctl.routing_of(conversation text, seq bigint) RETURNS SETOF agentctl.routing
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    routing_of.conversation := agentctl.readable_conversation(routing_of.conversation);
    RETURN QUERY
    SELECT r.* FROM routing AS r WHERE r.conversation_id = routing_of.conversation AND r.seq = routing_of.seq;
END $$;
COMMENT ON FUNCTION agentctl.routing_of(text, bigint) IS
    'Why a submission of the caller went to the agent that it went to, as agentctl.routings has it; no row when its '
    'agent was named, or the conversation''s. Fails with AC002 for another user''s conversation.';
REVOKE ALL ON FUNCTION agentctl.routing_of(text, bigint) FROM PUBLIC;
