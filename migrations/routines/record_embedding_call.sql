CREATE OR REPLACE FUNCTION agentctl.record_embedding_call(
    space integer, embedder text, texts integer, tokens bigint, cost double precision, duration_ms double precision,
    error_code text, error_message text
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    INSERT INTO embedding_call (space_id, embedder, texts, input_tokens, cost_usd, duration_ms, error_code,
        error_message)
    SELECT (SELECT p.id FROM vector_space AS p WHERE p.id = record_embedding_call.space),
           record_embedding_call.embedder, record_embedding_call.texts, record_embedding_call.tokens,
           record_embedding_call.cost, record_embedding_call.duration_ms, record_embedding_call.error_code,
           left(record_embedding_call.error_message, 500)
$$;
COMMENT ON FUNCTION agentctl.record_embedding_call(integer, text, integer, bigint, double precision, double precision,
    text, text) IS 'Stores that an embedder was asked for vectors of texts. Internal: workers.';
REVOKE ALL ON FUNCTION agentctl.record_embedding_call(integer, text, integer, bigint, double precision,
    double precision, text, text) FROM PUBLIC;
