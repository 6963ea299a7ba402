CREATE OR REPLACE FUNCTION agentctl.chain_condition(edge jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    SELECT nullif(concat_ws(', ',
        CASE edge ->> 'upon' WHEN 'failure' THEN 'upon failure' WHEN 'always' THEN 'whatever happens'
            WHEN 'limit' THEN 'at the bound' WHEN 'success' THEN NULL ELSE edge ->> 'upon' END,
        CASE jsonb_typeof(edge -> 'when')
            WHEN 'string' THEN 'when ' || regexp_replace(edge ->> 'when', '\{\{\s*(.*?)\s*\}\}', '\1', 'g')
            WHEN 'object' THEN 'when ' || (
                SELECT string_agg(regexp_replace(c.key, '^\{\{\s*|\s*\}\}$', '', 'g') || ' '
                    || coalesce(w.words, left(c.value::text, 60)),
                           ' and ' ORDER BY c.key)
                FROM jsonb_each(edge -> 'when') AS c
                LEFT JOIN LATERAL (
                    SELECT string_agg(s.sign || ' ' || left(k.value::text, 40), ' and ' ORDER BY s.place) AS words
                    FROM jsonb_each(CASE jsonb_typeof(c.value) WHEN 'object' THEN c.value ELSE '{}' END) AS k
                    LEFT JOIN (VALUES ('const', '=', 1), ('minimum', '≥', 2), ('exclusiveMinimum', '>', 3),
                        ('maximum', '≤', 4), ('exclusiveMaximum', '<', 5), ('enum', 'is one of', 6),
                        ('pattern', 'matches', 7)) AS s (word, sign, place)
                        ON s.word = k.key
                    HAVING bool_and(s.sign IS NOT NULL)) AS w ON true) END,
        CASE WHEN edge -> 'otherwise' = 'true' THEN 'otherwise' END,
        CASE WHEN edge -> 'choose' = 'true' THEN 'by choice' END,
        CASE WHEN edge ? 'loop' THEN format('at most %s times', edge ->> 'loop') END), '')
$$;
COMMENT ON FUNCTION agentctl.chain_condition(jsonb) IS
    'In words, what takes an edge of a compiled chain; NULL for success alone. Internal: for drawings.';
REVOKE ALL ON FUNCTION agentctl.chain_condition(jsonb) FROM PUBLIC;
