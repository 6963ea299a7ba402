CREATE OR REPLACE VIEW agentctl.turns AS
SELECT t.conversation_id,
       t.seq,
       t.conversation_id || '/' || t.seq AS turn,
       t.agent,
       t.agent_version AS version,
       t.status::text AS status,
       coalesce(t.error_code, t.limit_reached) AS error_code,
       t.error_message,
       t.submitted_at,
       t.started_at,
       t.finished_at,
       extract(epoch FROM t.started_at - t.submitted_at)::double precision * 1000 AS queue_ms,
       t.duration_ms,
       t.attempt,
       t.model_calls,
       t.tool_calls,
       t.input_tokens,
       t.cached_input_tokens,
       t.output_tokens,
       t.cost_usd,
       t.depth,
       t.parent_conversation_id,
       t.parent_seq,
       v.created_by,
       (SELECT max(m.undone_by) FROM agentctl.message AS m
        WHERE m.conversation_id = t.conversation_id AND m.seq = t.seq
          AND m.number BETWEEN t.first_message AND t.last_message) AS undone_by
FROM agentctl.turn AS t
LEFT JOIN agentctl.conversation AS v ON v.id = t.conversation_id;
COMMENT ON VIEW agentctl.turns IS
    'The turns that have ended, one row each. Narrow it by started_at: the records are partitioned by it. What has not '
    'ended is in submissions.';
COMMENT ON COLUMN agentctl.turns.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.turns.seq IS 'The submission that it answers.';
COMMENT ON COLUMN agentctl.turns.turn IS 'conversation/seq, as agentctl trace takes it.';
COMMENT ON COLUMN agentctl.turns.agent IS 'Name of the agent or chain.';
COMMENT ON COLUMN agentctl.turns.version IS 'Its version; NULL when it could not be built.';
COMMENT ON COLUMN agentctl.turns.status IS 'succeeded, failed, limited or interrupted.';
COMMENT ON COLUMN agentctl.turns.error_code IS
    'Class of the error, or the limit that was reached; NULL when it succeeded.';
COMMENT ON COLUMN agentctl.turns.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.turns.submitted_at IS 'When the message was accepted.';
COMMENT ON COLUMN agentctl.turns.started_at IS 'When a worker claimed it.';
COMMENT ON COLUMN agentctl.turns.finished_at IS 'When its end was stored.';
COMMENT ON COLUMN agentctl.turns.queue_ms IS 'Milliseconds from submission to claim.';
COMMENT ON COLUMN agentctl.turns.duration_ms IS 'Milliseconds of work, without waiting for approvals and tasks.';
COMMENT ON COLUMN agentctl.turns.attempt IS 'Claims that it took; more than 1 after a crash or a wait.';
COMMENT ON COLUMN agentctl.turns.model_calls IS 'Calls to models.';
COMMENT ON COLUMN agentctl.turns.tool_calls IS 'Calls to tools.';
COMMENT ON COLUMN agentctl.turns.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.turns.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.turns.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.turns.cost_usd IS 'Cost in USD, without the tasks below it.';
COMMENT ON COLUMN agentctl.turns.depth IS 'Turns above it; 0 for a user''s own.';
COMMENT ON COLUMN agentctl.turns.parent_conversation_id IS 'Conversation of the turn that delegated it.';
COMMENT ON COLUMN agentctl.turns.parent_seq IS 'Submission of the turn that delegated it.';
COMMENT ON COLUMN agentctl.turns.created_by IS 'Database user who started the conversation.';
COMMENT ON COLUMN agentctl.turns.undone_by IS
    'Number of the operation that took its messages out of what the model is shown; NULL while they are shown.';
