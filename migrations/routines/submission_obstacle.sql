CREATE OR REPLACE FUNCTION agentctl.submission_obstacle(conversation text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN format('conversation "%s" ', conversation) || coalesce(
        'is locked by ' || agentctl.lock_holder(agentctl.conversation_id(conversation)),
        'cannot be submitted to before another transaction of the same user has ended');
END $$;
COMMENT ON FUNCTION agentctl.submission_obstacle(text) IS
    'Why submit_and_follow() has failed with 55P03, in words. Asked afterwards: to catch the error, each message would '
    'need a subtransaction. Internal: the client asks.';
REVOKE ALL ON FUNCTION agentctl.submission_obstacle(text) FROM PUBLIC;
