CREATE OR REPLACE VIEW agentctl.unrolled_function_calls AS
SELECT c.id, c.started_at
FROM agentctl.rollup_mark AS m
JOIN agentctl.function_call AS c ON c.recorded_by >= m.recorded_before AND c.recorded_by > 0
    AND c.conversation_id IS NULL
UNION ALL
SELECT c.id, c.started_at
FROM agentctl.rollup_mark AS m
JOIN agentctl.function_call AS c ON c.started_at >= m.backlog_from AND c.recorded_by = 0 AND c.conversation_id IS NULL;
COMMENT ON VIEW agentctl.unrolled_function_calls IS
    'Calls of functions outside of turns that are not in the rollup. Internal.';
COMMENT ON COLUMN agentctl.unrolled_function_calls.id IS 'Identifies the call.';
COMMENT ON COLUMN agentctl.unrolled_function_calls.started_at IS 'When it began.';
