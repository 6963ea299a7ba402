CREATE OR REPLACE FUNCTION agentctl.open_work(agent text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT string_agg(w.what, ', ' ORDER BY w.what) FILTER (WHERE w.place <= 5)
            || CASE WHEN max(w.place) > 5 THEN ' and more' ELSE '' END
        FROM (
            SELECT o.what, row_number() OVER (ORDER BY o.what) AS place
            FROM (
                (SELECT 'turn ' || c.conversation_id || '/' || s.seq AS what
                 FROM conversation_control AS c
                 JOIN conversation AS v ON v.id = c.conversation_id
                 JOIN submission AS s ON s.conversation_id = c.conversation_id AND s.seq > c.head_seq
                 LEFT JOIN turn_progress AS p ON p.conversation_id = s.conversation_id AND p.seq = s.seq
                 WHERE c.state <> 'idle' AND s.operation IN ('user_input', 'steer') AND s.taken_by IS NULL
                   AND open_work.agent IN (coalesce(s.agent, v.agent), p.agent)
                 LIMIT 6)
                UNION ALL
                (SELECT 'task ' || t.id FROM task AS t
                 WHERE t.agent = open_work.agent AND t.finished_at IS NULL AND t.conversation_id IS NULL
                 LIMIT 6)
            ) AS o
        ) AS w);
END $$;
COMMENT ON FUNCTION agentctl.open_work(text) IS
    'The turns and tasks of an agent that have not ended, the first five of them in words; NULL for none. Internal: '
    'unregister() calls it.';
REVOKE ALL ON FUNCTION agentctl.open_work(text) FROM PUBLIC;
