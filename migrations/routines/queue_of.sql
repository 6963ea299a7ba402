CREATE OR REPLACE FUNCTION agentctl.queue_of(conversation text, seq bigint, is_stopped boolean) RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    next record;
BEGIN
    SELECT coalesce(s.agent, v.agent) AS agent, s.queue, s.workspace,
           CASE WHEN coalesce(s.agent, v.agent) = v.agent THEN v.settings ->> 'model' END AS model,
           s.operation NOT IN ('user_input', 'steer', 'compact') OR s.taken_by IS NOT NULL AS is_operation
    INTO next
    FROM conversation AS v
    LEFT JOIN submission AS s ON s.conversation_id = v.id AND s.seq = queue_of.seq
    WHERE v.id = queue_of.conversation;
    -- Whoever ends what was stopped, or corrects what was said, asks no model.
    RETURN agentctl.queue_for(next.agent, next.queue, next.workspace, next.model,
        is_stopped OR coalesce(next.is_operation, false));
END $$;
COMMENT ON FUNCTION agentctl.queue_of(text, bigint, boolean) IS
    'The key of the queue that a submission of a conversation waits in, and of its turn that is to be stopped. Internal.';
REVOKE ALL ON FUNCTION agentctl.queue_of(text, bigint, boolean) FROM PUBLIC;
