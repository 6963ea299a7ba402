-- Computed, so that it is the same whoever computes it. A parent's id of more than 160 bytes would leave no room.
CREATE OR REPLACE FUNCTION agentctl.task_conversation_id(
    task bigint, parent text, seq bigint, number integer, attempt integer
) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN CASE
            WHEN parent IS NULL THEN 'task:' || task
            WHEN octet_length(parent) <= 160 THEN parent || '~' || seq || '.' || number
            ELSE left(parent, 30) || '…' || encode(substr(sha256(convert_to(parent, 'UTF8')), 1, 12), 'hex')
                || '~' || seq || '.' || number END
        || CASE WHEN attempt > 1 THEN '.' || attempt ELSE '' END;
END $$;
COMMENT ON FUNCTION agentctl.task_conversation_id(bigint, text, bigint, integer, integer) IS
    'Id of the conversation of an attempt at a task: parent~seq.number, or task:id without a parent, and .attempt '
    'from the second on. Internal: the routines that start tasks call it.';
REVOKE ALL ON FUNCTION agentctl.task_conversation_id(bigint, text, bigint, integer, integer) FROM PUBLIC;
