CREATE OR REPLACE VIEW agentctl.schedules AS
SELECT s.name,
       v.document ->> 'description' AS description,
       v.document ->> 'cron' AS cron,
       v.document ->> 'time_zone' AS time_zone,
       v.document ->> 'message' AS message,
       v.document -> 'input' AS input,
       v.document ->> 'agent' AS agent,
       v.document ->> 'chain' AS chain,
       v.document ->> 'conversation' AS conversation,
       v.document -> 'task' AS task,
       (v.document ->> 'priority')::integer AS priority,
       v.document ->> 'missed' AS missed,
       (v.document ->> 'catch_up')::double precision AS catch_up,
       v.document ->> 'overlap' AS overlap,
       (v.document ->> 'jitter')::double precision AS jitter,
       v.document ->> 'from' AS "from",
       v.document ->> 'until' AS until,
       (v.document ->> 'enabled')::boolean AS enabled,
       v.version, v.id AS version_id, v.created_at, v.created_by,
       s.due_at AS next_at, s.paused_at, s.paused_by, r.due_at AS last_at, r.outcome AS last_outcome
FROM agentctl.schedule_state AS s
JOIN agentctl.definition_version AS v ON v.id = s.version_id
LEFT JOIN LATERAL (
    SELECT l.due_at, l.outcome FROM agentctl.schedule_run AS l WHERE l.name = s.name ORDER BY l.due_at DESC LIMIT 1
) AS r ON true;
COMMENT ON VIEW agentctl.schedules IS
    'The schedules in force, and when each is due next. INSERT and UPDATE register a new version.';
COMMENT ON COLUMN agentctl.schedules.next_at IS
    'When it is due next; NULL for never, or while it is paused or not enabled.';
COMMENT ON COLUMN agentctl.schedules.paused_at IS 'Since when it is paused; NULL when it is not.';
COMMENT ON COLUMN agentctl.schedules.paused_by IS 'Database user who paused it.';
COMMENT ON COLUMN agentctl.schedules.last_at IS 'The last time at which it was due or asked for.';
COMMENT ON COLUMN agentctl.schedules.last_outcome IS 'What became of that: see schedule_runs.';

CREATE OR REPLACE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.schedules
    FOR EACH ROW EXECUTE FUNCTION agentctl.register_row(
        'schedule', 'next_at', 'paused_at', 'paused_by', 'last_at', 'last_outcome');
