CREATE OR REPLACE FUNCTION agentctl.complete_document(document jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(f.path, f.default_value), '{}') || document
    FROM agentctl.document_field AS f
    WHERE f.kind = document ->> 'kind' AND f.default_value IS NOT NULL AND f.path !~ '[.[]'
$$;
COMMENT ON FUNCTION agentctl.complete_document(jsonb) IS 'The document with the defaults of its kind filled in.';
REVOKE ALL ON FUNCTION agentctl.complete_document(jsonb) FROM PUBLIC;
