-- What two schemas say for certain about each other. Whether any value of one fits the other cannot be decided in
-- general, so what is not certain is let pass: the value itself is checked when it is there.
CREATE OR REPLACE FUNCTION agentctl.schema_mismatch(given jsonb, wanted jsonb, place text DEFAULT '') RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    what text := CASE place WHEN '' THEN 'it' ELSE place END;
    given_types text[];
    wanted_types text[];
    given_values jsonb;
    wanted_values jsonb;
    key text;
    problem text;
BEGIN
    IF jsonb_typeof(given) IS DISTINCT FROM 'object' OR jsonb_typeof(wanted) IS DISTINCT FROM 'object'
        OR cardinality(string_to_array(place, '.')) > 8 THEN
        RETURN NULL;
    END IF;
    given_types := ARRAY(SELECT t #>> '{}' FROM jsonb_array_elements(CASE jsonb_typeof(given -> 'type')
        WHEN 'array' THEN given -> 'type' WHEN 'string' THEN jsonb_build_array(given -> 'type') ELSE '[]' END) AS t);
    wanted_types := ARRAY(SELECT t #>> '{}' FROM jsonb_array_elements(CASE jsonb_typeof(wanted -> 'type')
        WHEN 'array' THEN wanted -> 'type' WHEN 'string' THEN jsonb_build_array(wanted -> 'type') ELSE '[]' END) AS t);
    IF given_types <> '{}' AND wanted_types <> '{}' AND NOT given_types && wanted_types
        AND NOT (given_types && '{integer,number}' AND wanted_types && '{integer,number}') THEN
        RETURN format('%s is %s, where %s is asked for', what, array_to_string(given_types, ' or '),
            array_to_string(wanted_types, ' or '));
    END IF;

    given_values := CASE WHEN given ? 'const' THEN jsonb_build_array(given -> 'const')
        WHEN jsonb_typeof(given -> 'enum') = 'array' THEN given -> 'enum' END;
    wanted_values := CASE WHEN wanted ? 'const' THEN jsonb_build_array(wanted -> 'const')
        WHEN jsonb_typeof(wanted -> 'enum') = 'array' THEN wanted -> 'enum' END;
    IF NOT EXISTS (SELECT FROM jsonb_array_elements(given_values) AS g JOIN jsonb_array_elements(wanted_values) AS w
                   ON w = g) THEN
        IF given_values IS NOT NULL AND wanted_values IS NOT NULL THEN
            RETURN format('%s is one of %s, where one of %s is asked for', what, left(given_values::text, 100),
                left(wanted_values::text, 100));
        END IF;
    END IF;

    -- A schema that lists its members and leaves one out that is asked for does not mean it.
    SELECT format('%s has no "%s", which is required', what, r #>> '{}') INTO problem
    FROM jsonb_array_elements(CASE jsonb_typeof(wanted -> 'required') WHEN 'array' THEN wanted -> 'required'
        ELSE '[]' END) WITH ORDINALITY AS e (r, i)
    WHERE (given ? 'properties' OR given ? 'required')
      AND NOT coalesce(given -> 'properties' ? (r #>> '{}'), false)
      AND NOT coalesce(given -> 'required' @> jsonb_build_array(r), false)
    ORDER BY e.i LIMIT 1;
    IF problem IS NOT NULL THEN RETURN problem; END IF;
    IF wanted -> 'additionalProperties' = 'false' AND given_types <> '{string}' THEN
        SELECT format('%s has "%s", which is not allowed', what, r #>> '{}') INTO problem
        FROM jsonb_array_elements(CASE jsonb_typeof(given -> 'required') WHEN 'array' THEN given -> 'required'
            ELSE '[]' END) WITH ORDINALITY AS e (r, i)
        WHERE NOT coalesce(wanted -> 'properties' ? (r #>> '{}'), false) AND NOT wanted ? 'patternProperties'
        ORDER BY e.i LIMIT 1;
        IF problem IS NOT NULL THEN RETURN problem; END IF;
    END IF;

    IF jsonb_typeof(given -> 'properties') = 'object' AND jsonb_typeof(wanted -> 'properties') = 'object' THEN
        FOR key IN SELECT k FROM jsonb_object_keys(given -> 'properties') AS k WHERE wanted -> 'properties' ? k
            ORDER BY k LOOP
            problem := agentctl.schema_mismatch(given #> ARRAY['properties', key], wanted #> ARRAY['properties', key],
                concat_ws('.', nullif(place, ''), key));
            IF problem IS NOT NULL THEN RETURN problem; END IF;
        END LOOP;
    END IF;
    RETURN agentctl.schema_mismatch(given -> 'items', wanted -> 'items', place || '[]');
END $$;
COMMENT ON FUNCTION agentctl.schema_mismatch(jsonb, jsonb, text) IS
    'Why no value that fits the given JSON Schema fits the wanted one, by type, const, enum and required members; NULL '
    'where that is not certain. place is where in the value.';
REVOKE ALL ON FUNCTION agentctl.schema_mismatch(jsonb, jsonb, text) FROM PUBLIC;
