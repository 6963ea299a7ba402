-- What comes from users and from models is checked before it is stored: members, names, order, references and sizes.
CREATE OR REPLACE FUNCTION agentctl.plan_step_problems(steps jsonb)
RETURNS TABLE (path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    members text[] := '{tool,function,agent,capabilities,arguments,description,after,find}';
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    IF jsonb_typeof(steps) IS DISTINCT FROM 'array' OR jsonb_array_length(steps) NOT BETWEEN 1 AND 200 THEN
        RETURN QUERY SELECT 'steps', CASE WHEN jsonb_typeof(steps) = 'array'
            THEN format('has %s steps', jsonb_array_length(steps)) ELSE 'is no list' END, '1 to 200 steps', NULL::text;
        RETURN;
    ELSIF octet_length(steps::text) > largest THEN
        RETURN QUERY SELECT 'steps', format('has %s bytes', octet_length(steps::text)), format('at most %s', largest),
            NULL::text;
        RETURN;
    ELSIF steps @? 'strict $.**{120}' THEN
        RETURN QUERY SELECT 'steps', 'nests deeper than 119 levels', 'less', NULL::text;
        RETURN;
    ELSIF steps @? 'strict $.** ? (@.type() == "number" && (@ > 1.7e308 || @ < -1.7e308))' THEN
        RETURN QUERY SELECT 'steps', 'has a number beyond the range of double precision', 'a smaller one', NULL::text;
        RETURN;
    END IF;
    RETURN QUERY
    WITH step AS (
        SELECT format('steps[%s]', e.ordinality - 1) AS path, e.ordinality AS number, e.value,
               jsonb_typeof(e.value) = 'object' AS is_object
        FROM jsonb_array_elements(steps) WITH ORDINALITY AS e
    )
    SELECT s.path, 'is ' || agentctl.json_type_name(s.value), 'an object', NULL::text FROM step AS s
    WHERE NOT s.is_object
    UNION ALL
    SELECT s.path || '.' || left(k, 64), 'is unknown', 'one of ' || array_to_string(members, ', '),
           agentctl.nearest(k, members)
    FROM step AS s CROSS JOIN LATERAL jsonb_object_keys(CASE WHEN s.is_object THEN s.value ELSE '{}' END) AS k
    WHERE NOT k = ANY (members || '{number,status,recovers}'::text[])
    UNION ALL
    SELECT s.path, CASE t.targets WHEN 0 THEN 'names nothing that does it' ELSE 'names several that do it' END,
           'one of tool, function, agent and capabilities', NULL
    FROM step AS s
    CROSS JOIN LATERAL (SELECT count(*) AS targets FROM unnest('{tool,function,agent,capabilities}'::text[]) AS m (k)
                        WHERE s.value ? m.k) AS t
    WHERE s.is_object AND t.targets <> 1
    UNION ALL
    SELECT s.path || '.' || m.kind, 'is ' || left((s.value -> m.kind)::text, 64) ||
               CASE WHEN jsonb_typeof(s.value -> m.kind) = 'string' THEN ', which is not registered' ELSE '' END,
           'the name of ' || CASE m.kind WHEN 'agent' THEN 'an ' ELSE 'a ' END || m.kind,
           agentctl.nearest(s.value ->> m.kind, ARRAY(
               SELECT d.name FROM definition AS d WHERE d.kind = m.kind AND d.current_version IS NOT NULL))
    FROM step AS s CROSS JOIN unnest('{tool,function,agent}'::text[]) AS m (kind)
    WHERE s.is_object AND s.value ? m.kind AND (jsonb_typeof(s.value -> m.kind) <> 'string' OR NOT EXISTS (
        SELECT FROM definition AS d
        WHERE d.kind = m.kind AND d.name = s.value ->> m.kind AND d.current_version IS NOT NULL))
    UNION ALL
    SELECT s.path || '.' || c.member, 'is ' || left(coalesce((s.value -> c.member)::text, 'missing'), 64), c.expected,
           NULL
    FROM step AS s
    CROSS JOIN LATERAL (VALUES
        ('capabilities', s.value ? 'capabilities' AND NOT CASE
            WHEN jsonb_typeof(s.value -> 'capabilities') = 'array'
                THEN jsonb_array_length(s.value -> 'capabilities') = 1
                AND octet_length(s.value #>> '{capabilities,0}') BETWEEN 1 AND 128
                AND jsonb_typeof(s.value #> '{capabilities,0}') = 'string' ELSE false END, 'a list of one capability'),
        ('arguments', s.value ? 'arguments' AND jsonb_typeof(s.value -> 'arguments') <> 'object', 'an object'),
        ('arguments', s.value ?| '{agent,capabilities}' AND jsonb_typeof(s.value -> 'arguments') = 'object'
            AND ((s.value -> 'arguments') - '{task,input}'::text[] <> '{}'
                OR jsonb_typeof(s.value #> '{arguments,task}') <> 'string'
                OR jsonb_typeof(s.value #> '{arguments,input}') <> 'object'), '{task: text, input: an object}'),
        ('description', jsonb_typeof(s.value -> 'description') IS DISTINCT FROM 'string'
            OR octet_length(s.value ->> 'description') NOT BETWEEN 1 AND 4000
            OR s.value ->> 'description' ~ '[[:cntrl:]]', 'one line of text, up to 4000 bytes'),
        ('find', s.value ? 'find' AND (jsonb_typeof(s.value -> 'find') <> 'string'
            OR octet_length(s.value ->> 'find') NOT BETWEEN 1 AND 4096), 'a regular expression')
    ) AS c (member, is_wrong, expected)
    WHERE s.is_object AND c.is_wrong
    UNION ALL
    SELECT s.path || '.after', 'is ' || left((s.value -> 'after')::text, 64), CASE s.number
        WHEN 1 THEN 'an empty list' ELSE format('numbers of earlier steps, 1 to %s', s.number - 1) END, NULL
    FROM step AS s
    WHERE s.is_object AND s.value ? 'after' AND NOT CASE jsonb_typeof(s.value -> 'after') WHEN 'array' THEN NOT EXISTS (
        SELECT FROM jsonb_array_elements(s.value -> 'after') AS a
        WHERE a::text !~ '^[1-9][0-9]{0,2}$' OR a::text::integer >= s.number) ELSE false END
    UNION ALL
    SELECT s.path || '.arguments', coalesce('has ' || left(f.text, 64), 'has a {{ that is not closed'),
           CASE s.number WHEN 1 THEN 'no reference' ELSE format('{{step_1}} to {{step_%s}}', s.number - 1) END, NULL
    FROM step AS s
    CROSS JOIN LATERAL jsonb_path_query(CASE WHEN s.is_object THEN s.value -> 'arguments' END,
        'strict $.** ? (@.type() == "string")') AS t (value)
    CROSS JOIN LATERAL (
        SELECT m.found[1] AS text FROM regexp_matches(t.value #>> '{}', '\{\{.*?\}\}', 'g') AS m (found)
        UNION ALL
        SELECT NULL WHERE regexp_replace(t.value #>> '{}', '\{\{.*?\}\}', '', 'g') LIKE '%{{%'
    ) AS f
    WHERE t.value::text LIKE '%{{%' AND f.text IS DISTINCT FROM '{{braces}}'
      AND NOT coalesce(CASE WHEN f.text ~ '^\{\{step_[1-9][0-9]{0,2}(\.[A-Za-z_][A-Za-z0-9_]{0,31})?\}\}$'
          THEN substring(f.text FROM '[0-9]+')::integer < s.number END, false);
END $$;
COMMENT ON FUNCTION agentctl.plan_step_problems(jsonb) IS
    'Everything that is wrong with the steps of a plan: [{tool | function | agent | capabilities, arguments, '
    'description, after, find}]. Internal: store_plan() and edit_plan() call it.';
REVOKE ALL ON FUNCTION agentctl.plan_step_problems(jsonb) FROM PUBLIC;
