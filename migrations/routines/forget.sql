CREATE OR REPLACE FUNCTION agentctl.forget(memory bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    source record;
BEGIN
    SELECT m.source_conversation AS conversation, m.source_seq AS seq, s.account INTO source
    FROM memory AS m JOIN memory_scope AS s ON s.id = m.scope_id WHERE m.id = forget.memory;
    IF NOT FOUND OR NOT agentctl.is_owner() AND source.account IS DISTINCT FROM agentctl.account_name() THEN
        RAISE EXCEPTION 'there is no memory %', forget.memory USING ERRCODE = 'AC002';
    END IF;
    PERFORM agentctl.bury_memories(ARRAY[forget.memory]);
    -- What was said stays said: the answer says where.
    RETURN jsonb_build_object('forgotten', forget.memory) || jsonb_strip_nulls(jsonb_build_object(
        'conversation_id', source.conversation, 'seq', source.seq));
END $$;
COMMENT ON FUNCTION agentctl.forget(bigint) IS
    'Deletes a memory with its versions, vectors and all that turns were shown of it, and leaves a keyed hash, so that '
    'it does not come back by itself. Returns {forgotten, conversation_id, seq}: what was said stays in the transcript '
    'of that conversation. For owners, and for the account whose memory it is; fails with AC002 for others.';
REVOKE ALL ON FUNCTION agentctl.forget(bigint) FROM PUBLIC;
