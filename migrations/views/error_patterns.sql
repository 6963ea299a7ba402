CREATE OR REPLACE VIEW agentctl.error_patterns AS
SELECT m.source, m.subject COLLATE "C" AS subject, m.error_code, m.occurrences, m.conversations, m.last_message,
       m.first_at, m.last_at
FROM agentctl.error_patterns() AS m;
COMMENT ON VIEW agentctl.error_patterns IS 'What goes wrong, by class: turns, model calls and tool calls.';
COMMENT ON COLUMN agentctl.error_patterns.source IS 'turn, model or tool.';
COMMENT ON COLUMN agentctl.error_patterns.subject IS 'Name of the agent, model or tool; NULL for a name that no tool has.';
COMMENT ON COLUMN agentctl.error_patterns.error_code IS 'Class of the error, or the limit that was reached.';
COMMENT ON COLUMN agentctl.error_patterns.occurrences IS 'How often.';
COMMENT ON COLUMN agentctl.error_patterns.conversations IS 'In how many conversations, each counted once in every hour.';
COMMENT ON COLUMN agentctl.error_patterns.last_message IS 'Message of the latest; NULL when its details are no longer kept.';
COMMENT ON COLUMN agentctl.error_patterns.first_at IS 'When it first happened.';
COMMENT ON COLUMN agentctl.error_patterns.last_at IS 'When it last happened.';
