-- after: tasks
CREATE OR REPLACE VIEW agentctl.schedule_runs AS
SELECT r.name AS schedule, r.due_at, r.through, r.ran_at, r.outcome,
       CASE WHEN r.outcome <> 'submitted' THEN NULL
            WHEN r.task_id IS NOT NULL THEN t.state
            ELSE coalesce(d.status, CASE WHEN c.head_seq < r.seq THEN
                CASE c.state WHEN 'parked' THEN 'waiting' WHEN 'idle' THEN 'ready' ELSE c.state::text END END)
            END AS status,
       r.is_late, r.requested_by, r.conversation_id, r.seq, r.task_id, r.error_code, r.error_message, r.version_id
FROM agentctl.schedule_run AS r
LEFT JOIN agentctl.conversation_control AS c ON c.conversation_id = r.conversation_id
LEFT JOIN LATERAL (
    SELECT e.status::text FROM agentctl.turn AS e
    WHERE e.conversation_id = r.conversation_id AND e.seq = r.seq
    LIMIT 1
) AS d ON true
LEFT JOIN LATERAL (SELECT k.state FROM agentctl.tasks AS k WHERE k.id = r.task_id OFFSET 0) AS t ON true;
COMMENT ON VIEW agentctl.schedule_runs IS 'What became of each time at which a schedule was due or asked for.';
COMMENT ON COLUMN agentctl.schedule_runs.schedule IS 'Name of the schedule.';
COMMENT ON COLUMN agentctl.schedule_runs.due_at IS 'When it was due; of a run that was asked for, when that was.';
COMMENT ON COLUMN agentctl.schedule_runs.through IS
    'Of missed times: the last one of those that the row stands for; NULL when it stands for one.';
COMMENT ON COLUMN agentctl.schedule_runs.ran_at IS 'When a worker came to it.';
COMMENT ON COLUMN agentctl.schedule_runs.outcome IS
    'submitted; queued: waits for the run before it; skipped: the one before it was in progress; missed: no worker ran '
    'in time, and it is not made up for; failed: it could not be submitted.';
COMMENT ON COLUMN agentctl.schedule_runs.status IS
    'How its turn or task stands: ready, running or waiting, then as in turn_trace and tasks; NULL when there is none.';
COMMENT ON COLUMN agentctl.schedule_runs.is_late IS 'Whether a missed time was made up for.';
COMMENT ON COLUMN agentctl.schedule_runs.requested_by IS
    'Database user who asked for it with run_schedule(); NULL when it was due.';
COMMENT ON COLUMN agentctl.schedule_runs.conversation_id IS 'The conversation that it was submitted to.';
COMMENT ON COLUMN agentctl.schedule_runs.seq IS 'Its submission there.';
COMMENT ON COLUMN agentctl.schedule_runs.task_id IS 'The task that it submitted.';
COMMENT ON COLUMN agentctl.schedule_runs.error_code IS 'SQLSTATE of the reason why it was not submitted.';
COMMENT ON COLUMN agentctl.schedule_runs.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.schedule_runs.version_id IS 'The version of the schedule that was in force.';
