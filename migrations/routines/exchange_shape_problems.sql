-- The form of a document: which members it has, and of what types. Everything after it relies on what is checked here.
CREATE OR REPLACE FUNCTION agentctl.exchange_shape_problems(document jsonb)
    RETURNS TABLE (path text, problem text, expected text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    IF jsonb_typeof(document) IS DISTINCT FROM 'object' THEN
        RETURN QUERY SELECT '', 'is ' || coalesce(agentctl.json_type_name(document), 'missing'), 'an object';
        RETURN;
    END IF;
    IF document -> 'format' IS DISTINCT FROM '"agentctl.conversation"' THEN
        RETURN QUERY SELECT 'format', coalesce('is ' || left((document -> 'format')::text, 64), 'is missing'),
            '"agentctl.conversation"';
        RETURN;
    END IF;
    IF document -> 'version' IS DISTINCT FROM '1' THEN
        RETURN QUERY SELECT 'version', coalesce('is ' || left((document -> 'version')::text, 64), 'is missing'),
            '1: import it with the release of agentctl that wrote it, or a later one';
        RETURN;
    END IF;
    RETURN QUERY
    SELECT agentctl.exchange_path(m.key),
           CASE WHEN p.part IS NULL THEN 'is unknown' ELSE 'is ' || agentctl.json_type_name(m.value) END,
           CASE WHEN p.part IS NULL THEN 'one of '
               || (SELECT string_agg(o.part, ', ' ORDER BY o.position) FROM exchange_part AS o)
                WHEN p.is_list THEN 'a list' ELSE 'an object' END
    FROM jsonb_each(document) AS m
    LEFT JOIN exchange_part AS p ON p.part = m.key
    WHERE m.key NOT IN ('format', 'version')
      AND (p.part IS NULL OR jsonb_typeof(m.value) <> CASE WHEN p.is_list THEN 'array' ELSE 'object' END)
    UNION ALL
    SELECT p.part, 'is missing', CASE WHEN p.is_list THEN 'a list' ELSE 'an object' END
    FROM exchange_part AS p
    WHERE p.required AND NOT document ? p.part
    LIMIT 100;
    IF FOUND THEN
        RETURN;
    END IF;

    RETURN QUERY
    WITH item AS MATERIALIZED (
        SELECT p.part, format('%s[%s]', p.part, e.ordinality - 1) AS path, e.value
        FROM exchange_part AS p CROSS JOIN LATERAL jsonb_array_elements(document -> p.part) WITH ORDINALITY AS e
        WHERE p.is_list
        UNION ALL
        SELECT p.part, p.part, document -> p.part FROM exchange_part AS p WHERE NOT p.is_list AND document ? p.part
    ), needed AS (
        SELECT f.part, array_agg(f.field ORDER BY f.position) AS fields FROM exchange_field AS f WHERE f.required
        GROUP BY f.part
    )
    SELECT i.path, 'is ' || agentctl.json_type_name(i.value), 'an object' FROM item AS i
    WHERE jsonb_typeof(i.value) <> 'object'
    UNION ALL
    SELECT i.path || '.' || missing.field, 'is missing', f.type
    FROM item AS i
    JOIN needed AS n ON n.part = i.part
    CROSS JOIN LATERAL unnest(n.fields) AS missing (field)
    JOIN exchange_field AS f ON f.part = i.part AND f.field = missing.field
    WHERE jsonb_typeof(i.value) = 'object' AND NOT i.value ?& n.fields AND NOT i.value ? missing.field
    UNION ALL
    SELECT i.path || '.' || agentctl.exchange_path(m.key),
           CASE WHEN f.field IS NULL THEN 'is unknown'
                WHEN jsonb_typeof(m.value) = 'string' THEN CASE WHEN octet_length(m.value #>> '{}') > 64
                    THEN format('is a text of %s bytes', octet_length(m.value #>> '{}')) ELSE 'is ' || m.value::text END
                ELSE 'is ' || agentctl.json_type_name(m.value) END,
           CASE WHEN f.field IS NULL THEN 'one of '
               || (SELECT string_agg(o.field, ', ' ORDER BY o.position) FROM exchange_field AS o WHERE o.part = i.part)
                WHEN f.allowed IS NOT NULL THEN 'one of ' || array_to_string(f.allowed, ', ')
                ELSE CASE f.type
                    WHEN 'text' THEN 'a text'
                        || coalesce(format(' of %s to %s bytes', coalesce(f.minimum, 0), f.maximum), '')
                    WHEN 'integer' THEN format('an integer from %s to %s', f.minimum, f.maximum)
                    WHEN 'number' THEN format('a number from %s to %s', f.minimum, f.maximum)
                    WHEN 'time' THEN 'a time such as 2026-01-31T12:00:00.5+00:00'
                    WHEN 'definition' THEN 'kind/name/version'
                    ELSE 'of type ' || f.type END END
    FROM item AS i
    CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(i.value) WHEN 'object' THEN i.value ELSE '{}' END) AS m
    LEFT JOIN exchange_field AS f ON f.part = i.part AND f.field = m.key
    WHERE f.field IS NULL OR f.type <> 'value' AND NOT CASE jsonb_typeof(m.value)
        WHEN 'string' THEN CASE f.type
            WHEN 'text' THEN (f.allowed IS NULL OR m.value #>> '{}' = ANY (f.allowed))
                AND (f.minimum IS NULL OR octet_length(m.value #>> '{}') >= f.minimum)
                AND (f.maximum IS NULL OR octet_length(m.value #>> '{}') <= f.maximum)
            WHEN 'time' THEN agentctl.is_time(m.value #>> '{}')
            WHEN 'uuid' THEN m.value #>> '{}' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
            WHEN 'definition' THEN octet_length(m.value #>> '{}') <= 200
            ELSE false END
        WHEN 'number' THEN CASE f.type
            WHEN 'integer' THEN m.value::numeric BETWEEN f.minimum AND f.maximum AND scale(m.value::numeric) = 0
            WHEN 'number' THEN m.value::numeric BETWEEN f.minimum AND f.maximum
            ELSE false END
        ELSE jsonb_typeof(m.value) = f.type END
    LIMIT 100;
END $$;
COMMENT ON FUNCTION agentctl.exchange_shape_problems(jsonb) IS
    'What is wrong with the form of a conversation''s document: members that are missing or unknown, values of '
    'another type. Internal: conversation_document_problems() calls it.';
REVOKE ALL ON FUNCTION agentctl.exchange_shape_problems(jsonb) FROM PUBLIC;
