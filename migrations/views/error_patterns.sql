CREATE OR REPLACE VIEW agentctl.error_patterns AS
SELECT failure.source,
       failure.subject,
       failure.error_code,
       count(*) AS occurrences,
       count(DISTINCT failure.conversation_id) AS conversations,
       (array_agg(failure.error_message ORDER BY failure.at DESC))[1] AS last_message,
       min(failure.at) AS first_at,
       max(failure.at) AS last_at
FROM (
    SELECT 'turn', t.agent, coalesce(t.error_code, t.limit_reached), t.conversation_id, t.error_message, t.started_at
    FROM agentctl.turn AS t WHERE t.status IN ('failed', 'limited')
    UNION ALL
    SELECT 'model', s.model, s.error_code, s.conversation_id, s.error_message, s.started_at
    FROM agentctl.step AS s WHERE s.kind = 'model_call' AND s.error_code IS NOT NULL
    UNION ALL
    SELECT 'tool', c.tool, c.error_code, c.conversation_id, left(c.result, 500), c.started_at
    FROM agentctl.tool_call AS c WHERE c.error_code IS NOT NULL
) AS failure (source, subject, error_code, conversation_id, error_message, at)
GROUP BY failure.source, failure.subject, failure.error_code;
COMMENT ON VIEW agentctl.error_patterns IS 'What goes wrong, by class: turns, model calls and tool calls.';
COMMENT ON COLUMN agentctl.error_patterns.source IS 'turn, model or tool.';
COMMENT ON COLUMN agentctl.error_patterns.subject IS 'Name of the agent, model or tool.';
COMMENT ON COLUMN agentctl.error_patterns.error_code IS 'Class of the error, or the limit that was reached.';
COMMENT ON COLUMN agentctl.error_patterns.occurrences IS 'How often.';
COMMENT ON COLUMN agentctl.error_patterns.conversations IS 'In how many conversations.';
COMMENT ON COLUMN agentctl.error_patterns.last_message IS 'Message of the latest.';
COMMENT ON COLUMN agentctl.error_patterns.first_at IS 'When it first happened.';
COMMENT ON COLUMN agentctl.error_patterns.last_at IS 'When it last happened.';
