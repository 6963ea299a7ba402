CREATE OR REPLACE FUNCTION agentctl.embedder_in_force()
RETURNS TABLE (
    name text, version_id bigint, document jsonb, space_id integer, center real[], state text, waiting bigint
)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT v.name, v.id, v.document, p.id, p.center, p.state,
           (SELECT count(*) FROM (
               SELECT FROM embedding_job AS j
               WHERE j.space_id = p.id AND j.not_before <= clock_timestamp() AND j.attempt < 8 LIMIT 1000) AS j)
    FROM setting AS s
    JOIN definition AS d ON d.kind = 'model' AND d.name = s.value
    JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    LEFT JOIN vector_space AS p ON p.state <> 'retired' AND p.embedder = v.name
        AND p.model = v.document ->> 'model' AND p.dimensions = (v.document ->> 'dimensions')::integer
        AND p.document_prefix = coalesce(v.document ->> 'document_prefix', '')
        AND p.question_prefix = coalesce(v.document ->> 'question_prefix', '')
    WHERE s.name = 'embedder' AND s.value <> '' AND v.document ->> 'purpose' = 'embedding'
$$;
COMMENT ON FUNCTION agentctl.embedder_in_force() IS
    'The model that the setting embedder names, with its space and how many memories may be embedded there now, '
    '1000 at most; no row where none is named, space_id NULL where there is no space yet. Another model, dimension or prefix is another '
    'space; another address or price is not.';
REVOKE ALL ON FUNCTION agentctl.embedder_in_force() FROM PUBLIC;
