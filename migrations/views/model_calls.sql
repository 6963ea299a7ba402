-- All that was asked of models is in one place: also summaries, of turns and of the operation compact, and what judges
-- said.
CREATE OR REPLACE VIEW agentctl.model_calls AS
SELECT s.conversation_id, s.seq, s.kind, s.model, s.model_version_id, s.provider, s.input_tokens, s.cached_input_tokens,
       s.output_tokens, s.cost_usd, s.time_to_first_token_ms, s.duration_ms, s.started_at, s.error_code, s.error_message,
       (SELECT v.version FROM agentctl.definition_version AS v WHERE v.id = s.model_version_id) AS model_version
FROM agentctl.step AS s
-- A summary has a row of its own, and its step is stored with the turn only; one that was not used has the step only.
WHERE s.model IS NOT NULL AND (s.kind <> 'compaction' OR NOT EXISTS (
    SELECT FROM agentctl.compaction AS o WHERE o.conversation_id = s.conversation_id AND o.created_by = s.seq
        AND o.model IS NOT NULL))
UNION ALL
SELECT o.conversation_id, o.created_by, 'compaction', o.model, o.model_version_id, o.provider, o.input_tokens,
       o.cached_input_tokens, o.output_tokens, o.cost_usd, NULL, o.duration_ms,
       o.created_at - make_interval(secs => o.duration_ms / 1000), o.error_code, o.error_message,
       (SELECT v.version FROM agentctl.definition_version AS v WHERE v.id = o.model_version_id)
FROM agentctl.compaction AS o
WHERE o.model IS NOT NULL;
COMMENT ON VIEW agentctl.model_calls IS 'Calls to models: of turns, for summaries, and of agents that judge.';
COMMENT ON COLUMN agentctl.model_calls.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.model_calls.seq IS 'The turn, or the operation compact.';
COMMENT ON COLUMN agentctl.model_calls.kind IS
    'model_call; model_attempt: one that failed and was made again; compaction: for a summary; guardrail: of an agent that judges.';
COMMENT ON COLUMN agentctl.model_calls.model IS 'Name of the model row.';
COMMENT ON COLUMN agentctl.model_calls.model_version_id IS 'Its version, an id in definition_version.';
COMMENT ON COLUMN agentctl.model_calls.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.model_calls.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.model_calls.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.model_calls.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.model_calls.cost_usd IS 'Cost by the model''s prices, in USD.';
COMMENT ON COLUMN agentctl.model_calls.time_to_first_token_ms IS
    'Milliseconds to the first piece of the answer; NULL for a summary.';
COMMENT ON COLUMN agentctl.model_calls.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.model_calls.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.model_calls.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.model_calls.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.model_calls.model_version IS 'Version of the model; NULL when it is not known.';
