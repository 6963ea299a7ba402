-- replaces: has_service()
CREATE OR REPLACE FUNCTION agentctl.has_service(conversation text DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    needed integer := (
        SELECT c.queue_key FROM conversation_control AS c
        JOIN conversation AS v ON v.id = c.conversation_id
        WHERE has_service.conversation IS NOT NULL
          AND c.conversation_id = agentctl.conversation_id(has_service.conversation) AND agentctl.may_see(v.created_by));
BEGIN
    RETURN EXISTS (
        SELECT FROM worker AS w
        WHERE w.kind = 'service' AND w.state = 'active'
          AND w.heartbeat_at > clock_timestamp() - make_interval(secs => w.time_to_live)
          AND (needed IS NULL OR needed = ANY (agentctl.served_queues(w.queues, w.offers))));
END $$;
COMMENT ON FUNCTION agentctl.has_service(text) IS
    'Whether a worker lives that processes what others submit, and serves the conversation, if one is given.';
REVOKE ALL ON FUNCTION agentctl.has_service(text) FROM PUBLIC;
