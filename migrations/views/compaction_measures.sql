CREATE OR REPLACE VIEW agentctl.compaction_measures AS
SELECT o.conversation_id,
       o.number,
       o.recorded_by,
       o.created_at,
       o.created_at - make_interval(secs => o.duration_ms / 1000) AS at,
       coalesce(
           (SELECT t.agent FROM agentctl.turn AS t WHERE t.conversation_id = o.conversation_id AND t.seq = o.created_by
            LIMIT 1),
           (SELECT p.agent FROM agentctl.turn_progress AS p
            WHERE p.conversation_id = o.conversation_id AND p.seq = o.created_by),
           (SELECT s.agent FROM agentctl.submission AS s
            WHERE s.conversation_id = o.conversation_id AND s.seq = o.created_by),
           (SELECT v.agent FROM agentctl.conversation AS v WHERE v.id = o.conversation_id), '') AS agent,
       o.model,
       coalesce((SELECT v.version FROM agentctl.definition_version AS v WHERE v.id = o.model_version_id), 0) AS version,
       coalesce(o.provider, '') AS provider,
       'compaction'::text AS kind,
       coalesce(o.error_code, '') AS error_class,
       o.input_tokens,
       o.cached_input_tokens,
       o.output_tokens,
       o.cost_usd,
       o.duration_ms,
       ('1e' || 12 * width_bucket(o.duration_ms, (SELECT l.bounds FROM agentctl.latency_scale AS l)))::numeric
           AS durations
FROM agentctl.compaction AS o
WHERE o.model IS NOT NULL;
COMMENT ON VIEW agentctl.compaction_measures IS
    'Calls of models for summaries, each as it is added to model_rollup. Internal.';
COMMENT ON COLUMN agentctl.compaction_measures.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.compaction_measures.number IS 'Number of the summary.';
COMMENT ON COLUMN agentctl.compaction_measures.recorded_by IS 'Transaction that stored it.';
COMMENT ON COLUMN agentctl.compaction_measures.created_at IS 'When it was stored.';
COMMENT ON COLUMN agentctl.compaction_measures.at IS 'When the call began.';
COMMENT ON COLUMN agentctl.compaction_measures.agent IS 'Agent of the turn or of the operation.';
COMMENT ON COLUMN agentctl.compaction_measures.model IS 'Name of the model row.';
COMMENT ON COLUMN agentctl.compaction_measures.version IS 'Its version; 0 for none.';
COMMENT ON COLUMN agentctl.compaction_measures.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.compaction_measures.kind IS 'compaction.';
COMMENT ON COLUMN agentctl.compaction_measures.error_class IS 'Class of the error; empty for none.';
COMMENT ON COLUMN agentctl.compaction_measures.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.compaction_measures.cached_input_tokens IS 'Those of them that the provider had cached.';
COMMENT ON COLUMN agentctl.compaction_measures.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.compaction_measures.cost_usd IS 'Cost in USD.';
COMMENT ON COLUMN agentctl.compaction_measures.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.compaction_measures.durations IS 'Histogram of its duration.';
