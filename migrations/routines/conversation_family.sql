-- What a person takes for one conversation: those of its tasks, at whatever depth, are part of it, and so are all
-- attempts at a task.
CREATE OR REPLACE FUNCTION agentctl.conversation_family(conversations text[]) RETURNS text[]
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN ARRAY(
        WITH RECURSIVE attempt AS (
            SELECT t.id FROM submission AS s JOIN task AS t ON t.id = s.task_id
            WHERE s.conversation_id = ANY (conversation_family.conversations) AND s.seq = 1
              AND t.parent_conversation_id IS NULL
        ), member (id) AS (
            SELECT c.id COLLATE "C" FROM unnest(conversation_family.conversations) AS c (id)
            UNION
            SELECT agentctl.task_conversation_id(t.id, NULL, NULL, NULL, a.attempt) COLLATE "C"
            FROM attempt AS o JOIN task AS t ON t.id = o.id CROSS JOIN generate_series(1, t.attempt) AS a (attempt)
            UNION
            SELECT agentctl.task_conversation_id(t.id, t.parent_conversation_id, t.parent_seq, t.number, a.attempt)
                COLLATE "C"
            FROM member AS m
            JOIN task AS t ON t.parent_conversation_id = m.id AND t.conversation_id IS NOT NULL
            CROSS JOIN generate_series(1, t.attempt) AS a (attempt)
        )
        SELECT v.id FROM member AS m JOIN conversation AS v ON v.id = m.id ORDER BY v.id);
END $$;
COMMENT ON FUNCTION agentctl.conversation_family(text[]) IS
    'Conversations with those of their tasks, at every level and of all attempts, as far as they exist. Internal: what '
    'deletes conversations calls it.';
REVOKE ALL ON FUNCTION agentctl.conversation_family(text[]) FROM PUBLIC;
