CREATE OR REPLACE FUNCTION agentctl.document_problems(document jsonb, documents jsonb DEFAULT '[]')
RETURNS TABLE (path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    document_kind text := document ->> 'kind';
    kinds text[] := ARRAY(SELECT k.kind FROM definition_kind AS k ORDER BY k.kind);
BEGIN
    IF jsonb_typeof(document) <> 'object' THEN
        RETURN QUERY SELECT '', 'is ' || agentctl.json_type_name(document), 'an object', NULL::text;
        RETURN;
    END IF;
    IF document_kind IS NULL OR NOT document_kind = ANY (kinds) THEN
        RETURN QUERY SELECT 'kind',
            CASE WHEN document_kind IS NULL THEN 'is missing' ELSE format('is "%s"', left(document_kind, 64)) END,
            'one of ' || array_to_string(kinds, ', '), agentctl.nearest(document_kind, kinds);
        RETURN;
    END IF;

    -- Each value against the field that governs it.
    RETURN QUERY
    SELECT node.path,
           CASE WHEN f.path IS NULL THEN 'is unknown'
                ELSE 'is ' || CASE WHEN wrong.what IN ('type', 'length') THEN agentctl.json_type_name(node.value)
                     ELSE left(node.value::text, 64) END
                     || CASE wrong.what WHEN 'length' THEN format(' of length %s', wrong.size)
                                        WHEN 'reference' THEN ', which is not registered' ELSE '' END
           END,
           CASE WHEN f.path IS NULL THEN 'one of ' || array_to_string(siblings.names, ', ')
                ELSE CASE wrong.what
                    WHEN 'type' THEN CASE f.type WHEN 'schema' THEN 'a JSON Schema (an object or a boolean)'
                                                 WHEN 'map' THEN 'an object'
                                                 WHEN 'any' THEN 'a value other than null'
                                                 ELSE CASE WHEN f.type IN ('integer', 'object', 'array') THEN 'an '
                                                     ELSE 'a ' END || f.type END
                    WHEN 'allowed' THEN 'one of ' || array_to_string(f.allowed, ', ')
                        || CASE WHEN f.pattern IS NULL THEN '' ELSE ', or that of a program, with a dot' END
                    WHEN 'pattern' THEN 'text that matches ' || f.pattern
                    WHEN 'reference' THEN 'the name of ' || CASE WHEN f.reference_kind = 'agent' THEN 'an ' ELSE 'a ' END || f.reference_kind
                    WHEN 'length' THEN format('a length between %s and %s', coalesce(f.minimum, 0),
                        coalesce(f.maximum::text, 'any'))
                    ELSE format('between %s and %s', coalesce(f.minimum::text, 'any'), coalesce(f.maximum::text, 'any'))
                END
           END,
           CASE WHEN f.path IS NULL THEN agentctl.nearest(substring(node.field FROM '[^.]*$'), siblings.names)
                WHEN wrong.what = 'allowed' THEN agentctl.nearest(node.value #>> '{}', f.allowed)
                WHEN wrong.what = 'reference' THEN agentctl.nearest(node.value #>> '{}', ARRAY(
                    SELECT d.name FROM definition AS d WHERE d.kind = f.reference_kind AND d.current_version IS NOT NULL
                    UNION SELECT other ->> 'name' FROM jsonb_array_elements(documents) AS other
                    WHERE other ->> 'kind' = f.reference_kind))
           END
    FROM agentctl.document_nodes(document) AS node
    LEFT JOIN document_field AS f ON f.kind = document_kind AND f.path = node.field
    LEFT JOIN LATERAL (
        SELECT array_agg(substring(s.path FROM '[^.]*$') ORDER BY s.position) AS names
        FROM document_field AS s
        WHERE f.path IS NULL AND s.kind = document_kind AND s.path NOT LIKE '%[]'
          AND s.path LIKE CASE node.parent WHEN '' THEN '' ELSE replace(node.parent, '_', '\_') || '.' END || '%'
          AND substr(s.path, CASE node.parent WHEN '' THEN 1 ELSE length(node.parent) + 2 END) !~ '[.[]'
    ) AS siblings ON true
    CROSS JOIN LATERAL (
        SELECT jsonb_typeof(node.value) AS json_type,
               CASE WHEN f.type IN ('string', 'schema', 'map', 'any') THEN octet_length(node.value #>> '{}')
                    WHEN f.type = 'array' AND jsonb_typeof(node.value) = 'array'
                        THEN jsonb_array_length(node.value) END AS size,
               CASE WHEN jsonb_typeof(node.value) = 'number' THEN (node.value #>> '{}')::numeric END AS number
    ) AS found
    CROSS JOIN LATERAL (
        SELECT found.size, CASE
            WHEN f.path IS NULL THEN 'unknown'
            WHEN NOT CASE f.type
                WHEN 'integer' THEN found.json_type = 'number' AND scale(found.number) = 0
                WHEN 'schema' THEN found.json_type IN ('object', 'boolean')
                WHEN 'map' THEN found.json_type = 'object'
                WHEN 'any' THEN found.json_type <> 'null'
                WHEN 'value' THEN true
                ELSE found.json_type = f.type END THEN 'type'
            -- Where a field has a list and a pattern, either will do.
            WHEN NOT node.value #>> '{}' = ANY (f.allowed) AND (node.value #>> '{}' ~ f.pattern) IS NOT TRUE
                THEN 'allowed'
            WHEN f.type IN ('string', 'array', 'schema', 'map') AND (found.size < f.minimum OR found.size > f.maximum)
                THEN 'length'
            WHEN f.allowed IS NULL AND f.pattern IS NOT NULL AND node.value #>> '{}' !~ f.pattern THEN 'pattern'
            WHEN found.number < f.minimum OR found.number > f.maximum THEN 'range'
            WHEN f.reference_kind IS NOT NULL
                AND NOT EXISTS (SELECT FROM definition AS d
                                WHERE d.kind = f.reference_kind AND d.name = node.value #>> '{}'
                                  AND d.current_version IS NOT NULL)
                AND NOT EXISTS (SELECT FROM jsonb_array_elements(documents) AS other
                                WHERE other ->> 'kind' = f.reference_kind AND other -> 'name' = node.value)
                                    THEN 'reference'
        END AS what
    ) AS wrong
    WHERE node.field <> '' AND wrong.what IS NOT NULL;

    -- Fields that must be there and are not.
    RETURN QUERY
    SELECT concat_ws('.', nullif(node.path, ''), missing.name), 'is missing',
           format('%s: %s', missing.type, rtrim(missing.description, '.')), NULL::text
    FROM agentctl.document_nodes(document) AS node
    JOIN LATERAL (
        SELECT substr(f.path, CASE node.field WHEN '' THEN 1 ELSE length(node.field) + 2 END) AS name, f.description,
               f.type
        FROM document_field AS f
        WHERE f.kind = document_kind AND f.required
          AND (node.field = '' OR starts_with(f.path, node.field || '.'))
    ) AS missing ON missing.name !~ '[.[]'
    WHERE jsonb_typeof(node.value) = 'object' AND NOT node.value ? missing.name
      AND (node.field = '' OR EXISTS (
          SELECT FROM document_field AS f WHERE f.kind = document_kind AND f.path = node.field AND f.type = 'object'));

    RETURN QUERY
    SELECT rule.path, rule.problem, rule.expected, NULL::text FROM agentctl.document_rules(document) AS rule;
END $$;
COMMENT ON FUNCTION agentctl.document_problems(jsonb, jsonb) IS
    'Everything that is wrong with a document: where, what, what was expected, and what was probably meant. documents '
    'are those registered together with it.';
REVOKE ALL ON FUNCTION agentctl.document_problems(jsonb, jsonb) FROM PUBLIC;
