-- The steps that called a model; a summary that was stored has a row in compaction_measures.
CREATE OR REPLACE VIEW agentctl.step_measures AS
SELECT s.conversation_id,
       s.seq,
       s.started_at AS at,
       s.model,
       coalesce((SELECT v.version FROM agentctl.definition_version AS v WHERE v.id = s.model_version_id), 0) AS version,
       coalesce(s.provider, '') AS provider,
       s.kind::text AS kind,
       coalesce(s.error_code, '') AS error_class,
       CASE WHEN s.error_code IS NOT NULL AND NOT EXISTS (
           SELECT FROM agentctl.step AS e
           WHERE e.conversation_id = s.conversation_id AND (e.seq, e.number) < (s.seq, s.number) AND e.seq <= s.seq
             AND e.started_at >= date_trunc('hour', s.started_at, 'UTC')
             AND e.started_at < date_trunc('hour', s.started_at, 'UTC') + interval '1 hour'
             AND e.model = s.model AND e.error_code = s.error_code AND e.kind = s.kind)
           THEN 1 ELSE 0 END AS conversations,
       s.input_tokens,
       s.cached_input_tokens,
       s.output_tokens,
       s.cost_usd,
       s.duration_ms,
       ('1e' || 12 * width_bucket(s.duration_ms, (SELECT l.bounds FROM agentctl.latency_scale AS l)))::numeric
           AS durations,
       coalesce(('1e' || 12 * width_bucket(s.time_to_first_token_ms,
           (SELECT l.bounds FROM agentctl.latency_scale AS l)))::numeric, 0) AS first_tokens
FROM agentctl.step AS s
WHERE s.model IS NOT NULL AND (s.kind <> 'compaction' OR NOT EXISTS (
    SELECT FROM agentctl.compaction AS o WHERE o.conversation_id = s.conversation_id AND o.created_by = s.seq
        AND o.model IS NOT NULL));
COMMENT ON VIEW agentctl.step_measures IS 'Calls of models by turns, each as it is added to model_rollup. Internal.';
COMMENT ON COLUMN agentctl.step_measures.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.step_measures.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.step_measures.at IS 'When it began.';
COMMENT ON COLUMN agentctl.step_measures.model IS 'Name of the model row.';
COMMENT ON COLUMN agentctl.step_measures.version IS 'Its version; 0 for none.';
COMMENT ON COLUMN agentctl.step_measures.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.step_measures.kind IS 'What for.';
COMMENT ON COLUMN agentctl.step_measures.error_class IS 'Class of the error; empty for none.';
COMMENT ON COLUMN agentctl.step_measures.conversations IS
    '1 for the first call of a conversation that failed in this way in this hour.';
COMMENT ON COLUMN agentctl.step_measures.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.step_measures.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.step_measures.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.step_measures.cost_usd IS 'Cost in USD.';
COMMENT ON COLUMN agentctl.step_measures.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.step_measures.durations IS 'Histogram of its duration.';
COMMENT ON COLUMN agentctl.step_measures.first_tokens IS 'Histogram of the time to its first piece.';
