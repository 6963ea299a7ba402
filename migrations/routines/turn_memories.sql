CREATE OR REPLACE FUNCTION agentctl.turn_memories(
    conversation text, seq bigint, question text, first_message bigint, agent text, settings jsonb,
    vector agentctl.vector_query DEFAULT NULL, is_resumed boolean DEFAULT false
) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    shown jsonb;
    own jsonb;
    found jsonb;
BEGIN
    -- By reference: a version that is no more in force is shown as it was, and what is forgotten not at all.
    WITH turn AS MATERIALIZED (
        SELECT m.seq, min(m.number) AS message FROM message AS m
        WHERE m.conversation_id = turn_memories.conversation AND m.number >= turn_memories.first_message
          AND m.role = 'user' AND m.undone_by IS NULL AND m.seq < turn_memories.seq
        GROUP BY m.seq
        UNION ALL SELECT turn_memories.seq, NULL
    ), item AS (
        SELECT h.seq, t.message, h.position, jsonb_build_object(
                   'id', m.id, 'version', h.version, 'relevance', h.relevance, 'at', m.created_at::date,
                   'trust', coalesce(v.trust, m.trust), 'content', coalesce(v.content, m.content)) AS value
        FROM turn AS t
        JOIN shown AS h ON h.conversation_id = turn_memories.conversation AND h.seq = t.seq
        JOIN memory AS m ON m.id = h.memory_id
        LEFT JOIN memory_version AS v ON v.memory_id = m.id AND v.version = h.version
    ), list AS (
        SELECT i.seq, i.message, jsonb_agg(i.value ORDER BY i.position) AS items FROM item AS i GROUP BY i.seq, i.message
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('message', l.message, 'items', l.items) ORDER BY l.message)
               FILTER (WHERE l.message IS NOT NULL), '[]'),
           (array_agg(l.items) FILTER (WHERE l.message IS NULL))[1]
    INTO shown, own FROM list AS l;
    IF NOT is_resumed AND own IS NULL THEN
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'id', m.id, 'version', m.version, 'relevance', f.relevance, 'at', m.created_at::date,
                   'trust', m.trust, 'content', m.content) ORDER BY f.score DESC, m.id DESC), '[]')
        INTO found
        FROM conversation AS v
        CROSS JOIN LATERAL agentctl.find_memories(turn_memories.question,
            agentctl.visible_scopes(v.tenant, turn_memories.settings ->> 'collection', v.created_by,
                turn_memories.agent, v.user_id, v.id),
            (turn_memories.settings ->> 'k')::integer, vector => turn_memories.vector,
            minimum_relevance => (turn_memories.settings ->> 'minimum_relevance')::double precision,
            minimum_trust => (turn_memories.settings ->> 'minimum_trust')::memory_trust) AS f
        JOIN memory AS m ON m.id = f.memory_id
        WHERE v.id = turn_memories.conversation
          -- What was said here is in the transcript or its summary.
          AND (m.kind <> 'interaction' OR m.source_conversation IS DISTINCT FROM v.id)
          -- What stands in the prompt already is not shown twice.
          AND NOT shown @? format('$[*].items[*] ? (@.id == %s && @.version == %s)', m.id, m.version)::jsonpath;
    END IF;
    RETURN jsonb_build_object('shown', shown, 'found', coalesce(own, found, '[]'), 'is_new', own IS NULL,
        'by', CASE WHEN (vector).levels IS NULL THEN 'words' ELSE 'words and meaning' END);
END $$;
COMMENT ON FUNCTION agentctl.turn_memories(text, bigint, text, bigint, text, jsonb, agentctl.vector_query, boolean) IS
    'What a turn is shown of what is remembered: {shown: [{message, items}] with the earlier turns from first_message '
    'on, found: items for this turn, is_new, by}. An item is {id, version, relevance, at, trust, content}. found are '
    'those that it was shown before, if it resumes; else what answers the question and is not shown already. settings '
    'are those of the agent''s memory. Internal: the worker that holds the conversation calls it.';
REVOKE ALL ON FUNCTION agentctl.turn_memories(text, bigint, text, bigint, text, jsonb, agentctl.vector_query, boolean)
    FROM PUBLIC;
