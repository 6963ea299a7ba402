CREATE OR REPLACE FUNCTION agentctl.function_rules(document jsonb)
    RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    SELECT rule.path, rule.problem, rule.expected
    FROM (
        SELECT coalesce(document ->> 'language', 'python') = 'python' AS is_python,
               coalesce(document ->> 'effect', 'pure') AS effect,
               document ->> 'name' = ANY (
                   '{False,None,True,and,as,assert,async,await,break,class,continue,def,del,elif,else,except,finally,for,from,global,if,import,in,is,lambda,nonlocal,not,or,pass,raise,return,try,while,with,yield}') AS is_keyword
    ) AS given
    CROSS JOIN LATERAL (VALUES
        ('name', given.is_python AND given.is_keyword, 'is a word of the language Python', 'another name'),
        ('effect', given.is_python AND given.effect = 'sql', 'is "sql"',
            'pure, idempotent or unsafe; sql only with language sql'),
        ('effect', NOT given.is_python AND given.effect IN ('idempotent', 'unsafe'), format('is "%s"', given.effect),
            'pure or sql with language sql'),
        ('effect', given.is_python AND given.effect = 'pure' AND document ->> 'workspace' = 'writable', 'is "pure"',
            'unsafe, or idempotent where a second run changes nothing, as it may write to the workspace'),
        ('read_only', given.is_python AND document -> 'read_only' = 'false', 'is false', 'only with language sql'),
        ('read_only', NOT given.is_python AND document -> 'read_only' = 'false' AND given.effect <> 'sql', 'is false',
            'effect: sql beside it, so that what it writes is written exactly once'),
        ('workspace', NOT given.is_python AND document ->> 'workspace' <> 'none',
            format('is "%s"', document ->> 'workspace'), 'only with language python'),
        ('is_async', NOT given.is_python AND document -> 'is_async' = 'true', 'is true', 'only with language python'),
        ('requires_context', NOT given.is_python AND document -> 'requires_context' = 'true', 'is true',
            'only with language python'),
        ('secrets', jsonb_typeof(document -> 'secrets') = 'array' AND document -> 'secrets' <> '[]'
            AND document -> 'requires_context' IS DISTINCT FROM 'true', 'is given',
                'requires_context: true beside it, as secrets come with the context'),
        ('input_schema', document ? 'input_schema' AND document #>> '{input_schema,type}' IS DISTINCT FROM 'object',
            'is not the schema of an object', 'type: object'),
        ('input_schema', document -> 'requires_context' = 'true'
            AND document #> '{input_schema,properties}' ? 'context',
            'has a property context', 'another name, as the context is given by it')
    ) AS rule (path, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('examples[%s]', example.ordinality - 1), 'has both result and error', 'one of them'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'examples') WHEN 'array' THEN document -> 'examples'
        ELSE '[]' END)
        WITH ORDINALITY AS example
    WHERE jsonb_typeof(example.value) = 'object' AND example.value ?& '{result,error}'
$$;
COMMENT ON FUNCTION agentctl.function_rules(jsonb) IS 'What one field of a document of kind function asks of another.';
REVOKE ALL ON FUNCTION agentctl.function_rules(jsonb) FROM PUBLIC;
