-- The keywords that most schemas are made of. The engine knows all of them, and checks again what it runs with.
CREATE OR REPLACE FUNCTION agentctl.value_problems(value jsonb, schema jsonb, place text)
RETURNS TABLE (path text, problem text, expected text)
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    kind text := jsonb_typeof(value_problems.value);
    kinds text[];
    size integer;
    number numeric;
BEGIN
    IF value_problems.schema = 'false' THEN
        RETURN QUERY SELECT value_problems.place, 'is given', 'nothing';
    END IF;
    IF jsonb_typeof(value_problems.schema) <> 'object' THEN RETURN; END IF;
    kinds := ARRAY(SELECT t #>> '{}' FROM jsonb_array_elements(CASE jsonb_typeof(value_problems.schema -> 'type')
        WHEN 'array' THEN value_problems.schema -> 'type' WHEN 'string' THEN
            jsonb_build_array(value_problems.schema -> 'type') ELSE '[]' END) AS t);
    IF kinds <> '{}' AND NOT kind = ANY (kinds) AND NOT (kind = 'number' AND 'integer' = ANY (kinds)
        AND (value_problems.value #>> '{}')::numeric % 1 = 0) THEN
        RETURN QUERY SELECT value_problems.place, 'is ' || agentctl.json_type_name(value_problems.value),
            array_to_string(kinds, ' or ');
        RETURN;
    END IF;
    IF jsonb_typeof(value_problems.schema -> 'enum') = 'array'
        AND NOT value_problems.value IN (SELECT jsonb_array_elements(value_problems.schema -> 'enum'))
        OR value_problems.schema ? 'const' AND value_problems.value <> value_problems.schema -> 'const' THEN
        RETURN QUERY SELECT value_problems.place, 'is ' || left(value_problems.value::text, 64),
            left(coalesce(value_problems.schema -> 'enum', value_problems.schema -> 'const')::text, 200);
        RETURN;
    END IF;
    number := CASE kind WHEN 'number' THEN (value_problems.value #>> '{}')::numeric END;
    size := CASE kind WHEN 'string' THEN length(value_problems.value #>> '{}')
        WHEN 'array' THEN jsonb_array_length(value_problems.value) END;
    RETURN QUERY
    SELECT value_problems.place, 'is ' || left(value_problems.value::text, 64), format('%s %s', b.keyword, b.bound)
    FROM (SELECT k.keyword, CASE jsonb_typeof(value_problems.schema -> k.keyword)
              WHEN 'number' THEN (value_problems.schema ->> k.keyword)::numeric END AS bound
          FROM unnest('{minimum,maximum,exclusiveMinimum,exclusiveMaximum,minLength,maxLength,minItems,maxItems}'
              ::text[]) AS k (keyword)) AS b
    WHERE CASE b.keyword WHEN 'minimum' THEN number < b.bound WHEN 'maximum' THEN number > b.bound
        WHEN 'exclusiveMinimum' THEN number <= b.bound WHEN 'exclusiveMaximum' THEN number >= b.bound
        WHEN 'minLength' THEN kind = 'string' AND size < b.bound
        WHEN 'maxLength' THEN kind = 'string' AND size > b.bound
        WHEN 'minItems' THEN kind = 'array' AND size < b.bound
        WHEN 'maxItems' THEN kind = 'array' AND size > b.bound END;
    IF kind = 'object' THEN
        RETURN QUERY
        SELECT value_problems.place || '.' || (r #>> '{}'), 'is missing', 'a value'
        FROM jsonb_array_elements(CASE jsonb_typeof(value_problems.schema -> 'required')
            WHEN 'array' THEN value_problems.schema -> 'required' ELSE '[]' END) AS r
        WHERE NOT value_problems.value ? (r #>> '{}');
        RETURN QUERY
        SELECT v.path, v.problem, v.expected
        FROM jsonb_each(value_problems.value) AS m
        CROSS JOIN LATERAL agentctl.value_problems(m.value, coalesce(
            value_problems.schema #> ARRAY['properties', m.key],
            CASE WHEN value_problems.schema ? 'patternProperties' THEN 'true'
                ELSE value_problems.schema -> 'additionalProperties' END, 'true'),
            value_problems.place || '.' || m.key) AS v;
    ELSIF kind = 'array' THEN
        RETURN QUERY
        SELECT v.path, v.problem, v.expected
        FROM jsonb_array_elements(value_problems.value) WITH ORDINALITY AS m (value, i)
        CROSS JOIN LATERAL agentctl.value_problems(m.value, CASE WHEN value_problems.schema ? 'prefixItems' THEN 'true'
            ELSE coalesce(value_problems.schema -> 'items', 'true') END,
            format('%s[%s]', value_problems.place, m.i - 1)) AS v;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.value_problems(jsonb, jsonb, text) IS
    'Where a value does not fit a JSON Schema, by type, enum, const, bounds, required, properties, '
    'additionalProperties and items; what else a schema says is let pass. Internal: require_chain_state() calls it.';
REVOKE ALL ON FUNCTION agentctl.value_problems(jsonb, jsonb, text) FROM PUBLIC;
