-- after: model_calls
CREATE OR REPLACE VIEW agentctl.model_metrics AS
SELECT s.model,
       v.version,
       s.provider,
       count(*) AS calls,
       count(*) FILTER (WHERE s.error_code IS NULL) AS succeeded,
       count(*) FILTER (WHERE s.error_code IS NOT NULL) AS failed,
       round(count(*) FILTER (WHERE s.error_code IS NULL) / count(*)::numeric, 4) AS success_rate,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY s.duration_ms) AS p50_ms,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY s.duration_ms) AS p95_ms,
       percentile_cont(0.99) WITHIN GROUP (ORDER BY s.duration_ms) AS p99_ms,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY s.time_to_first_token_ms) AS p50_first_token_ms,
       sum(s.input_tokens)::bigint AS input_tokens,
       sum(s.cached_input_tokens)::bigint AS cached_input_tokens,
       sum(s.output_tokens)::bigint AS output_tokens,
       sum(s.output_tokens) / nullif(sum(s.duration_ms) / 1000, 0) AS output_tokens_per_second,
       sum(s.cost_usd) AS cost_usd,
       max(s.started_at) AS last_at
FROM agentctl.model_calls AS s
LEFT JOIN agentctl.definition_version AS v ON v.id = s.model_version_id
GROUP BY s.model, v.version, s.provider;
COMMENT ON VIEW agentctl.model_metrics IS 'Model calls by model and version.';
COMMENT ON COLUMN agentctl.model_metrics.model IS 'Name of the model row.';
COMMENT ON COLUMN agentctl.model_metrics.version IS 'Its version.';
COMMENT ON COLUMN agentctl.model_metrics.provider IS 'Protocol it was called by.';
COMMENT ON COLUMN agentctl.model_metrics.calls IS 'Calls.';
COMMENT ON COLUMN agentctl.model_metrics.succeeded IS 'Calls that gave an answer.';
COMMENT ON COLUMN agentctl.model_metrics.failed IS 'Calls that ended with an error.';
COMMENT ON COLUMN agentctl.model_metrics.success_rate IS 'succeeded / calls, 0 to 1.';
COMMENT ON COLUMN agentctl.model_metrics.p50_ms IS 'Median duration in ms.';
COMMENT ON COLUMN agentctl.model_metrics.p95_ms IS '95th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.model_metrics.p99_ms IS '99th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.model_metrics.p50_first_token_ms IS 'Median time to the first piece of the answer, in ms.';
COMMENT ON COLUMN agentctl.model_metrics.input_tokens IS 'Input tokens.';
COMMENT ON COLUMN agentctl.model_metrics.cached_input_tokens IS 'Input tokens that the provider had cached.';
COMMENT ON COLUMN agentctl.model_metrics.output_tokens IS 'Output tokens.';
COMMENT ON COLUMN agentctl.model_metrics.output_tokens_per_second IS 'Output tokens by the time of the calls.';
COMMENT ON COLUMN agentctl.model_metrics.cost_usd IS 'Cost in USD.';
COMMENT ON COLUMN agentctl.model_metrics.last_at IS 'When the last call began.';
