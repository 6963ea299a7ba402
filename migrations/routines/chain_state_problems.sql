CREATE OR REPLACE FUNCTION agentctl.chain_state_problems(graph jsonb, state jsonb)
RETURNS TABLE (path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    names text[] := ARRAY(SELECT e.value ->> 'name' FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS e
        ORDER BY e.ordinality);
    reducers text[] := '{replace,first,append,merge,add,min,max,union}';
    befores bit varying[];
    musts bit varying[];
BEGIN
    RETURN QUERY
    SELECT 'state.' || k.key || coalesce('.' || x.member, ''), x.problem, x.expected, x.nearest
    FROM jsonb_each(state) AS k
    CROSS JOIN LATERAL (SELECT CASE jsonb_typeof(k.value) WHEN 'object' THEN k.value ELSE '{}' END AS value,
        CASE jsonb_typeof(k.value #> '{schema,type}') WHEN 'string' THEN k.value #>> '{schema,type}' END AS type,
        k.value ->> 'reduce' AS reduce) AS s
    CROSS JOIN LATERAL (
        SELECT NULL AS member, 'is ' || agentctl.json_type_name(k.value) AS problem, 'an object' AS expected,
               NULL AS nearest WHERE jsonb_typeof(k.value) <> 'object'
        UNION ALL SELECT NULL, 'is no word', 'letters, digits and _', NULL
            WHERE k.key !~ '^[A-Za-z_][A-Za-z0-9_]{0,63}$'
        UNION ALL SELECT m, 'is unknown', 'one of schema, reduce, default',
            agentctl.nearest(m, '{schema,reduce,default}')
            FROM jsonb_object_keys(s.value) AS m WHERE m <> ALL ('{schema,reduce,default}')
        UNION ALL SELECT 'reduce', 'is ' || left((s.value -> 'reduce')::text, 64),
            'one of ' || array_to_string(reducers, ', '), agentctl.nearest(s.reduce, reducers)
            WHERE s.value ? 'reduce' AND NOT coalesce(s.reduce = ANY (reducers), false)
        UNION ALL SELECT 'schema', 'is ' || agentctl.json_type_name(s.value -> 'schema'),
            'a JSON Schema (an object or a boolean)', NULL
            WHERE s.value ? 'schema' AND jsonb_typeof(s.value -> 'schema') NOT IN ('object', 'boolean')
        UNION ALL SELECT 'reduce', format('is "%s", and the schema says %s', s.reduce, s.type),
            'one of replace, first' || CASE s.type WHEN 'array' THEN ', append, union' WHEN 'object' THEN ', merge'
                WHEN 'number' THEN ', add, min, max' WHEN 'integer' THEN ', add, min, max' ELSE '' END, NULL
            WHERE s.type IS NOT NULL AND CASE WHEN s.reduce IN ('append', 'union') THEN s.type <> 'array'
                WHEN s.reduce = 'merge' THEN s.type <> 'object'
                WHEN s.reduce IN ('add', 'min', 'max') THEN s.type NOT IN ('number', 'integer') END
    ) AS x;
    RETURN QUERY
    SELECT format('%s.write.%s', n.value ->> 'path', w.key), 'is no key of the state',
           coalesce('one of ' || (SELECT string_agg(k, ', ' ORDER BY k) FROM jsonb_object_keys(state) AS k),
               'a key of state'), agentctl.nearest(w.key, ARRAY(SELECT jsonb_object_keys(state)))
    FROM jsonb_array_elements(graph -> 'nodes') AS n
    CROSS JOIN LATERAL jsonb_object_keys(coalesce(n.value -> 'write', '{}')) AS w (key)
    WHERE NOT state ? w.key;

    -- Two nodes of which neither comes before the other, that may run in the same iteration and replace one key.
    SELECT array_agg(s.before ORDER BY s.number), array_agg(s.must ORDER BY s.number) INTO befores, musts
    FROM agentctl.chain_structure(graph) AS s;
    RETURN QUERY
    WITH written AS (
        SELECT w.key, n.ordinality::integer AS node
        FROM jsonb_array_elements(graph -> 'nodes') WITH ORDINALITY AS n
        CROSS JOIN LATERAL jsonb_object_keys(coalesce(n.value -> 'write', '{}')) AS w (key)
        WHERE coalesce(state #>> ARRAY[w.key, 'reduce'], 'replace') = 'replace' AND state ? w.key
    ), edge AS (
        SELECT e.ordinality::integer AS number, e.value ->> 'from' AS source,
            coalesce(e.value ->> 'upon', 'success') AS upon,
               e.value -> 'otherwise' = 'true' AS is_otherwise
        FROM jsonb_array_elements(graph -> 'edges') WITH ORDINALITY AS e
        WHERE NOT e.value ? 'loop'
    ), exclusive AS (
        SELECT a.number AS a, b.number AS b
        FROM edge AS a JOIN edge AS b ON b.source = a.source AND b.number <> a.number
        WHERE a.upon = 'success' AND b.upon = 'success'
            AND coalesce(a.is_otherwise, false) <> coalesce(b.is_otherwise, false)
           OR a.upon = 'success' AND b.upon = 'failure' OR a.upon = 'failure' AND b.upon = 'success'
    )
    SELECT 'state.' || a.key, format('"%s" and "%s" may run at once and both replace it', names[a.node], names[b.node]),
           'a reducer (append, merge, add, max …), or nodes of which one leads to the other', NULL::text
    FROM written AS a
    JOIN written AS b ON b.key = a.key AND b.node > a.node
    WHERE get_bit(befores[a.node], b.node - 1) = 0 AND get_bit(befores[b.node], a.node - 1) = 0
      AND NOT EXISTS (SELECT FROM exclusive AS x
                      WHERE get_bit(musts[a.node], x.a - 1) = 1 AND get_bit(musts[b.node], x.b - 1) = 1)
    LIMIT 20;
END $$;
COMMENT ON FUNCTION agentctl.chain_state_problems(jsonb, jsonb) IS
    'What is wrong with the state of a graph of sound shape, and with what its nodes write. Internal: chain_problems() '
    'calls it.';
REVOKE ALL ON FUNCTION agentctl.chain_state_problems(jsonb, jsonb) FROM PUBLIC;
