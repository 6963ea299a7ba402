CREATE OR REPLACE FUNCTION agentctl.retry_task(task bigint, agent text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.task := agentctl.require_task(retry_task.task);
    chosen text;
    allowed integer;
BEGIN
    SELECT t.* INTO asked FROM task AS t WHERE t.id = retry_task.task FOR NO KEY UPDATE;
    IF asked.parent_seq IS NOT NULL THEN
        RAISE EXCEPTION 'task % belongs to turn %/%, which decides what follows from its end', asked.id,
            asked.parent_conversation_id, asked.parent_seq USING ERRCODE = 'AC003';
    ELSIF asked.state NOT IN ('dead', 'cancelled') THEN
        RAISE EXCEPTION 'task % is %: only one that is dead or cancelled is tried again', asked.id, asked.state
            USING ERRCODE = 'AC003';
    END IF;
    chosen := coalesce(retry_task.agent, CASE WHEN asked.is_routed THEN agentctl.choose_task_agent(asked.description,
        asked.capabilities, asked.tried || asked.agent, asked.created_by) END, asked.agent);
    allowed := agentctl.chain_depth(chosen);
    IF allowed IS NULL OR agentctl.usable_responder(chosen) IS NULL THEN
        PERFORM agentctl.raise_unusable('agent', chosen, 'See agentctl.agents.');
    END IF;
    UPDATE task AS t
    SET state = 'pending', agent = chosen, path = ARRAY[chosen], depth_left = allowed,
        is_routed = t.is_routed AND retry_task.agent IS NULL,
        tried = CASE WHEN t.conversation_id IS NULL THEN t.tried ELSE t.tried || t.agent END,
        attempt = t.attempt + CASE WHEN t.conversation_id IS NULL THEN 0 ELSE 1 END,
        max_attempts = greatest(t.max_attempts, t.attempt + 1),
        deadline = CASE WHEN t.deadline > clock_timestamp() THEN t.deadline END,
        error_code = NULL, error_message = NULL, effects = NULL, finished_at = NULL, told = false
    WHERE t.id = retry_task.task
    RETURNING t.attempt INTO asked.attempt;
    PERFORM agentctl.release_task(retry_task.task);
    RETURN asked.attempt;
END $$;
COMMENT ON FUNCTION agentctl.retry_task(bigint, text) IS
    'Tries a dead or cancelled task again, with the given agent or the next one that has the capabilities; returns '
    'the number of the attempt. What an earlier attempt has done is not undone: effects of the task lists it. A '
    'deadline that has passed no longer holds.';
REVOKE ALL ON FUNCTION agentctl.retry_task(bigint, text) FROM PUBLIC;
