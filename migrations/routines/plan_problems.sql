-- Of a template whose fields are as they should be. The steps of a document and those of each of its recoveries are
-- lists of their own: a step is named within its list.
CREATE OR REPLACE FUNCTION agentctl.plan_problems(document jsonb)
RETURNS TABLE (path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    -- What a clause and the context say.
    given text[] := ARRAY(
        SELECT k FROM jsonb_object_keys(coalesce(document -> 'context', '{}')) AS k
        UNION
        SELECT m.found[1] FROM jsonb_array_elements_text(document -> 'when') AS w (pattern)
        CROSS JOIN LATERAL regexp_matches(w.pattern, '\(\?P?[<''](\w+)[>'']', 'g') AS m (found));
BEGIN
    RETURN QUERY
    WITH list AS (
        SELECT 'steps' AS path, document -> 'steps' AS value, false AS recovers
        UNION ALL
        SELECT format('recover[%s].steps', r.ordinality - 1), coalesce(r.value -> 'steps', '[]'), true
        FROM jsonb_array_elements(coalesce(document -> 'recover', '[]')) WITH ORDINALITY AS r
    ), step AS (
        SELECT format('%s[%s]', l.path, e.ordinality - 1) AS path, l.path AS list, e.ordinality AS number,
               e.value ->> 'name' AS name, e.value, l.recovers
        FROM list AS l CROSS JOIN LATERAL jsonb_array_elements(l.value) WITH ORDINALITY AS e
    ), named AS (
        SELECT s.*, ARRAY(SELECT o.name FROM step AS o WHERE o.list = s.list AND o.number < s.number
                          AND o.name IS NOT NULL) AS earlier
        FROM step AS s
        UNION ALL
        -- The new arguments of what failed come after the steps of its recovery.
        SELECT format('recover[%s]', r.ordinality - 1), format('recover[%s].steps', r.ordinality - 1), 1000, NULL,
               r.value - 'steps' - 'tool' - 'error', true,
               ARRAY(SELECT o.name FROM step AS o WHERE o.list = format('recover[%s].steps', r.ordinality - 1)
                     AND o.name IS NOT NULL)
        FROM jsonb_array_elements(coalesce(document -> 'recover', '[]')) WITH ORDINALITY AS r
    ), reference AS (
        SELECT DISTINCT n.path || '.' || place.member AS path, n.list, n.recovers, n.earlier,
               btrim(f.text) AS text, string_to_array(btrim(f.text), '.') AS parts
        FROM named AS n
        CROSS JOIN unnest('{arguments,description}'::text[]) AS place (member)
        CROSS JOIN LATERAL jsonb_path_query(n.value -> place.member, 'strict $.** ? (@.type() == "string")')
            AS t (value)
        CROSS JOIN LATERAL (
            SELECT m.found[1] AS text FROM regexp_matches(t.value #>> '{}', '\{\{(.*?)\}\}', 'g') AS m (found)
            UNION ALL
            SELECT NULL WHERE regexp_replace(t.value #>> '{}', '\{\{.*?\}\}', '', 'g') LIKE '%{{%'
        ) AS f
        WHERE t.value::text LIKE '%{{%'
    )
    SELECT s.path, CASE t.targets WHEN 0 THEN 'names nothing that does it' ELSE 'names several that do it' END,
           'one of tool, function, agent and capabilities', NULL::text
    FROM step AS s
    CROSS JOIN LATERAL (SELECT count(*) AS targets FROM unnest('{tool,function,agent,capabilities}'::text[]) AS m (k)
                        WHERE s.value ? m.k) AS t
    WHERE t.targets <> 1
    UNION ALL
    SELECT s.path || '.name', format('is "%s", as an earlier one', s.name), 'a name that no other step has', NULL
    FROM step AS s
    WHERE EXISTS (SELECT FROM step AS o WHERE o.list = s.list AND o.name = s.name AND o.number < s.number)
    UNION ALL
    SELECT format('%s.after[%s]', n.path, a.ordinality - 1), format('is "%s", which is no earlier step', a.name),
           CASE n.earlier WHEN '{}' THEN 'nothing: no step before it has a name'
               ELSE 'one of ' || array_to_string(n.earlier, ', ') END, agentctl.nearest(a.name, n.earlier)
    FROM named AS n
    CROSS JOIN LATERAL jsonb_array_elements_text(n.value -> 'after') WITH ORDINALITY AS a (name)
    WHERE NOT a.name = ANY (n.earlier)
    UNION ALL
    SELECT s.path || '.arguments', 'is ' || left((s.value -> 'arguments')::text, 64), '{task: text, input: an object}',
           NULL
    FROM step AS s
    WHERE s.value ?| '{agent,capabilities}' AND ((s.value -> 'arguments') - '{task,input}'::text[] <> '{}'
        OR jsonb_typeof(s.value #> '{arguments,task}') <> 'string'
        OR jsonb_typeof(s.value #> '{arguments,input}') <> 'object')
    UNION ALL
    SELECT r.path, coalesce('has {{' || left(r.text, 64) || '}}', 'has a {{ that is not closed'),
           concat_ws(', ', 'one of steps.NAME of an earlier step',
               CASE WHEN r.recovers THEN 'arguments.NAME, error' END, nullif(array_to_string(given, ', '), '')),
           CASE WHEN r.parts[1] = 'steps' THEN 'steps.' || agentctl.nearest(r.parts[2], r.earlier)
               ELSE agentctl.nearest(r.text, given) END
    FROM reference AS r
    WHERE NOT coalesce(CASE
        WHEN r.parts[1] = 'steps' THEN cardinality(r.parts) IN (2, 3) AND r.parts[2] = ANY (r.earlier)
            AND r.path NOT LIKE '%.description'
        WHEN r.parts[1] = 'arguments' AND r.recovers THEN cardinality(r.parts) = 2 AND r.parts[2] <> ''
        WHEN r.text = 'error' AND r.recovers THEN true
        ELSE r.text = ANY (given) END, false)
    UNION ALL
    SELECT r.path, format('has {{%s}}', left(r.text, 64)), format('a named group of find of the step %s', r.parts[2]),
           NULL
    FROM reference AS r
    WHERE r.parts[1] = 'steps' AND cardinality(r.parts) = 3 AND r.parts[2] = ANY (r.earlier)
      AND NOT EXISTS (SELECT FROM step AS o
                      CROSS JOIN LATERAL regexp_matches(o.value ->> 'find', '\(\?P?[<''](\w+)[>'']', 'g') AS m (found)
                      WHERE o.list = r.list AND o.name = r.parts[2] AND m.found[1] = r.parts[3]);
END $$;
COMMENT ON FUNCTION agentctl.plan_problems(jsonb) IS
    'What is wrong with a document of kind plan whose fields are as they should be. Internal: check_documents() calls '
    'it.';
REVOKE ALL ON FUNCTION agentctl.plan_problems(jsonb) FROM PUBLIC;
