-- What a worker does with an operation other than a message: all of it, in the commit that ends the submission.
CREATE OR REPLACE FUNCTION agentctl.apply_operation(conversation text, seq bigint, lease uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
DECLARE
    held record;
    asked record;
    told record;
BEGIN
    SELECT c.last_event INTO held FROM conversation_control AS c
    WHERE c.conversation_id = apply_operation.conversation AND c.lease = apply_operation.lease AND c.state = 'running'
      AND c.head_seq = apply_operation.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- As in finish(): the limit is for the row.
    PERFORM set_config('lock_timeout', '10s', true);
    SELECT s.operation, s.body INTO asked FROM submission AS s
    WHERE s.conversation_id = apply_operation.conversation AND s.seq = apply_operation.seq;
    CASE asked.operation
        WHEN 'undo' THEN
            IF asked.body -> 'redo' = 'true' THEN
                SELECT 'redone'::text AS type, agentctl.apply_redo(apply_operation.conversation) AS data INTO told;
            ELSE
                SELECT 'undone'::text AS type, agentctl.apply_undo(apply_operation.conversation, apply_operation.seq,
                    (asked.body ->> 'turns')::integer) AS data INTO told;
            END IF;
        WHEN 'set' THEN
            SELECT 'settings_changed'::text AS type,
                   agentctl.apply_settings(apply_operation.conversation, asked.body) AS data INTO told;
        WHEN 'shutdown' THEN
            SELECT 'closed'::text AS type, '{}'::jsonb AS data INTO told;
        WHEN 'interrupt' THEN
            SELECT 'cancelled'::text AS type, jsonb_build_object('by', asked.body -> 'cancelled_by') AS data INTO told;
        WHEN 'steer' THEN
            -- A turn has taken it up.
            SELECT NULL::text AS type, NULL::jsonb AS data INTO told;
        ELSE
            SELECT 'error'::text AS type, jsonb_build_object('code', 'operation_unsupported',
                'message', format('this release does not know the operation %s', asked.operation)) AS data INTO told;
    END CASE;
    INSERT INTO event (conversation_id, number, seq, type, data)
    SELECT apply_operation.conversation, held.last_event + 1, apply_operation.seq, told.type, told.data
    WHERE told.type IS NOT NULL;
    UPDATE conversation_control AS c
    SET head_seq = apply_operation.seq,
        state = CASE WHEN c.tail_seq > apply_operation.seq THEN 'ready' ELSE 'idle' END::conversation_state,
        ready_at = CASE WHEN c.tail_seq > apply_operation.seq THEN clock_timestamp() END,
        lease = NULL, worker_id = NULL, attempt = 0, generation = 0,
        last_event = c.last_event + CASE WHEN told.type IS NULL THEN 0 ELSE 1 END
    WHERE c.conversation_id = apply_operation.conversation;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.apply_operation(text, bigint, uuid) IS
    'Carries out a claimed operation that is not a message and ends it, if the lease still holds. Fails with 55P03 '
    'like finish().';
REVOKE ALL ON FUNCTION agentctl.apply_operation(text, bigint, uuid) FROM PUBLIC;
