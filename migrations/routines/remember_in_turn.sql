CREATE OR REPLACE FUNCTION agentctl.remember_in_turn(
    conversation text, seq bigint, agent text, content text, "for" text, collection text, importance double precision,
    metadata jsonb, expires_in double precision, replaces bigint, inside text[], is_tainted boolean
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    scope integer;
    trust memory_trust := 'agent';
    stored bigint;
BEGIN
    PERFORM agentctl.check_memory(content, metadata, NULL, importance);
    IF is_tainted OR agentctl.has_read_outside(remember_in_turn.conversation, inside) THEN
        trust := 'untrusted';
    END IF;
    IF trust = 'untrusted' AND remember_in_turn."for" IN ('agent', 'everyone') THEN
        RAISE EXCEPTION 'what was read from outside is not remembered for others' USING ERRCODE = 'AC004',
            HINT = 'Remember it for the user or the conversation.';
    END IF;
    scope := agentctl.scope_for(remember_in_turn.conversation, remember_in_turn."for", remember_in_turn.collection,
        remember_in_turn.agent);
    stored := agentctl.write_memory(scope, remember_in_turn.content, trust, remember_in_turn.metadata,
        importance => remember_in_turn.importance, replaces => remember_in_turn.replaces,
        expires_at => clock_timestamp() + make_interval(secs => expires_in), written_by => remember_in_turn.agent,
        source_conversation => remember_in_turn.conversation, source_seq => remember_in_turn.seq);
    RETURN jsonb_build_object('id', stored, 'trust', trust, 'similar', (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'content', left(m.content, 300))
            ORDER BY f.score DESC), '[]')
        FROM agentctl.find_memories(remember_in_turn.content, ARRAY[scope], 4, minimum_relevance => 0.35) AS f
        JOIN memory AS m ON m.id = f.memory_id WHERE m.id IS DISTINCT FROM stored));
END $$;
COMMENT ON FUNCTION agentctl.remember_in_turn(text, bigint, text, text, text, text, double precision, jsonb,
    double precision, bigint, text[], boolean) IS
    'Stores what an agent remembers in a turn: {id, trust, similar}; id is NULL for what was forgotten. It is '
    'untrusted where the conversation has read from outside, and then only for its user or itself (AC004). Internal: '
    'the tool remember calls it in the transaction that stores the call.';
REVOKE ALL ON FUNCTION agentctl.remember_in_turn(text, bigint, text, text, text, text, double precision, jsonb,
    double precision, bigint, text[], boolean) FROM PUBLIC;
