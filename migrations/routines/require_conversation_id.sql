-- Conversations from before there was this rule, or less of it, go on.
CREATE OR REPLACE FUNCTION agentctl.require_conversation_id(id text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    problem text := agentctl.conversation_id_problem(require_conversation_id.id);
BEGIN
    IF problem IS NULL OR EXISTS (
        SELECT FROM conversation AS v WHERE v.id = agentctl.conversation_id(require_conversation_id.id)
            AND agentctl.may_see(v.created_by))
    THEN
        RETURN;
    END IF;
    RAISE EXCEPTION 'a conversation''s id has 1 to 200 bytes, nothing that cannot be seen and no spaces around it; '
        'this one %', problem USING ERRCODE = 'AC001';
END $$;
COMMENT ON FUNCTION agentctl.require_conversation_id(text) IS
    'Fails with AC001 unless the caller''s conversation has this id already or a new one can have it.';
REVOKE ALL ON FUNCTION agentctl.require_conversation_id(text) FROM PUBLIC;
