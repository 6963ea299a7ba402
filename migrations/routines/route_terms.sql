-- A name such as FileReader or file-reader is read as its words. A number in it, as in support-2, tells agents of a
-- kind apart and says nothing of what they answer: else it would win every message that has this number. Each
-- example is read by itself: together they could hold more than one tsvector may.
CREATE OR REPLACE FUNCTION agentctl.route_terms(document jsonb, language regconfig)
RETURNS TABLE (term text, weight real)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp SET client_min_messages = warning AS $$
    SELECT lexeme.term, max(text.weight)
    FROM (
        SELECT 1.0::real AS weight,
               regexp_replace(regexp_replace(name.value, '([a-z0-9])([A-Z])', '\1 \2', 'g'), '[-_./]+', ' ', 'g') AS value
        FROM (SELECT regexp_replace(route_terms.document ->> 'name', '(^|[-_./])\d+(?![^-_./])', '\1', 'g') AS value
              UNION ALL SELECT jsonb_array_elements_text(route_terms.document -> 'capabilities')) AS name
        UNION ALL
        SELECT 0.8, jsonb_array_elements_text(route_terms.document -> 'examples')
        UNION ALL
        SELECT 0.5, route_terms.document ->> 'description'
        UNION ALL
        SELECT 0.5, jsonb_object_keys(member.value)
        FROM (SELECT route_terms.document #> '{input_schema,properties}' AS value) AS member
        WHERE jsonb_typeof(member.value) = 'object'
    ) AS text
    CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector(route_terms.language, text.value))) AS lexeme (term)
    GROUP BY lexeme.term
    ORDER BY 2 DESC, 1
    LIMIT 2000
$$;
COMMENT ON FUNCTION agentctl.route_terms(jsonb, regconfig) IS
    'The words that an agent answers for, at most 2000, each with its weight: 1 in its name (without numbers) '
    'or capabilities, 0.8 in an example, 0.5 in its description or as a member of its input.';
REVOKE ALL ON FUNCTION agentctl.route_terms(jsonb, regconfig) FROM PUBLIC;
