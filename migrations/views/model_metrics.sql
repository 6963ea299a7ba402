CREATE OR REPLACE VIEW agentctl.model_metrics AS
SELECT m.model COLLATE "C" AS model, m.version, m.provider, m.calls, m.succeeded, m.failed, m.success_rate, m.p50_ms,
       m.p95_ms, m.p99_ms, m.p50_first_token_ms, m.input_tokens, m.cached_input_tokens, m.output_tokens,
       m.output_tokens_per_second, m.cost_usd, m.last_at
FROM agentctl.model_metrics() AS m;
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
