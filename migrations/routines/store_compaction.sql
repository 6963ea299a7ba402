CREATE OR REPLACE FUNCTION agentctl.store_compaction(conversation text, seq bigint, lease uuid, outcome jsonb,
    ends boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
DECLARE
    held record;
    made jsonb := store_compaction.outcome -> 'compaction';
    taken record;
    told_type text := store_compaction.outcome ->> 'type';
    told jsonb := coalesce(store_compaction.outcome -> 'data', '{}');
BEGIN
    SELECT c.last_event INTO held FROM conversation_control AS c
    WHERE c.conversation_id = store_compaction.conversation AND c.lease = store_compaction.lease AND c.state = 'running'
      AND c.head_seq = store_compaction.seq - 1
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    -- As in finish(): the limit is for the row.
    PERFORM set_config('lock_timeout', '10s', true);
    -- The same, told again because its answer was lost.
    IF EXISTS (SELECT FROM compaction AS o WHERE o.conversation_id = store_compaction.conversation
               AND o.number = (made ->> 'number')::integer AND o.created_by = store_compaction.seq) THEN
        RETURN true;
    END IF;
    IF made IS NOT NULL THEN
        INSERT INTO compaction (
            conversation_id, number, first_message, last_message, summary, made_by, before_tokens, after_tokens, model,
            model_version_id, provider, input_tokens, cached_input_tokens, output_tokens, usage_estimated, cost_usd,
            duration_ms, error_code, error_message, created_by)
        SELECT store_compaction.conversation, o.*, store_compaction.seq
        FROM jsonb_to_record(made) AS o (
            number integer, first_message bigint, last_message bigint, summary text, made_by text, before_tokens bigint,
            after_tokens bigint, model text, model_version_id bigint, provider text, input_tokens bigint,
            cached_input_tokens bigint, output_tokens bigint, usage_estimated boolean, cost_usd numeric,
            duration_ms double precision, error_code text, error_message text);
    ELSIF told_type = 'compaction_undone' THEN
        UPDATE compaction AS o SET undone_by = store_compaction.seq
        WHERE o.conversation_id = store_compaction.conversation AND o.number = (
            SELECT max(i.number) FROM compaction AS i
            WHERE i.conversation_id = store_compaction.conversation AND i.undone_by IS NULL)
        RETURNING o.number, o.first_message, o.last_message INTO taken;
        IF taken.number IS NULL THEN
            told_type := 'error';
            told := '{"code": "compaction_refused", "message": "no compaction is in force"}';
        ELSE
            told := jsonb_build_object('first_message', taken.first_message, 'last_message', taken.last_message);
        END IF;
    END IF;
    INSERT INTO event (conversation_id, number, seq, type, data)
    VALUES (store_compaction.conversation, held.last_event + 1, store_compaction.seq, told_type, told);
    UPDATE conversation_control AS c
    SET last_event = c.last_event + 1,
        head_seq = CASE WHEN ends THEN store_compaction.seq ELSE c.head_seq END,
        state = CASE WHEN NOT ends THEN c.state WHEN c.tail_seq > store_compaction.seq THEN 'ready'
            ELSE 'idle' END::conversation_state,
        ready_at = CASE WHEN ends AND c.tail_seq > store_compaction.seq THEN clock_timestamp() END,
        lease = CASE WHEN NOT ends THEN c.lease END, worker_id = CASE WHEN NOT ends THEN c.worker_id END,
        attempt = CASE WHEN ends THEN 0 ELSE c.attempt END, generation = CASE WHEN ends THEN 0 ELSE c.generation END
    WHERE c.conversation_id = store_compaction.conversation;
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.store_compaction(text, bigint, uuid, jsonb, boolean) IS
    'Stores a compaction, takes one back, or tells that there is none, if the lease still holds; with ends the '
    'submission ends. outcome: {type, data, compaction}. Fails with 55P03 like finish().';
REVOKE ALL ON FUNCTION agentctl.store_compaction(text, bigint, uuid, jsonb, boolean) FROM PUBLIC;
