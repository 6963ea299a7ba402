-- Whoever could take such an id could occupy the place of another user's task.
CREATE OR REPLACE FUNCTION agentctl.refuse_task_conversation_id(id text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF id ~ '(~[0-9]+[.][0-9]+([.][0-9]+)?|…[0-9a-f]{24}|^task:[0-9]+([.][0-9]+)?)$' THEN
        RAISE EXCEPTION 'ids like "%" belong to the conversations of tasks', id USING ERRCODE = 'AC003',
            HINT = 'An id that does not begin with task: or end like ~1.1.';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.refuse_task_conversation_id(text) IS
    'Fails with AC003 for ids that task_conversation_id() makes or builds on. Internal: whatever begins a '
    'conversation under an id that the caller chose calls it.';
REVOKE ALL ON FUNCTION agentctl.refuse_task_conversation_id(text) FROM PUBLIC;
