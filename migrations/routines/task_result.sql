CREATE OR REPLACE FUNCTION agentctl.task_result(task bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    ended agentctl.task := agentctl.require_task(task_result.task);
BEGIN
    IF ended.finished_at IS NULL THEN
        RETURN NULL;
    ELSIF ended.state <> 'done' THEN
        RAISE EXCEPTION 'task % is %: %', ended.id, ended.state, coalesce(ended.error_message, ended.error_code, '')
            USING ERRCODE = 'AC005', DETAIL = format('class %s, effects %s',
                coalesce(ended.error_code, 'none'), coalesce(ended.effects::text, 'none'));
    END IF;
    RETURN agentctl.reply(ended.conversation_id, ended.seq);
END $$;
COMMENT ON FUNCTION agentctl.task_result(bigint) IS
    'The reply of the agent that did a task; NULL while there is none. Fails with AC005 when the task was not done.';
REVOKE ALL ON FUNCTION agentctl.task_result(bigint) FROM PUBLIC;
