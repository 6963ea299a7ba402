-- Walks a document beside its fields. path is how the value is reached ("rules[0].when"), field the row that governs
-- it.
CREATE OR REPLACE FUNCTION agentctl.document_nodes(document jsonb)
RETURNS TABLE (path text, field text, parent text, value jsonb)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH RECURSIVE node (path, field, parent, value) AS (
        SELECT '', '', NULL, document
        UNION ALL
        SELECT child.path, child.field, node.field, child.value
        FROM node
        LEFT JOIN agentctl.document_field AS governing
            ON governing.kind = document ->> 'kind' AND governing.path = node.field
        CROSS JOIN LATERAL (
            SELECT concat_ws('.', nullif(node.path, ''), name.text),
                   concat_ws('.', nullif(node.field, ''), name.text),
                   member.value
            FROM jsonb_each(CASE jsonb_typeof(node.value) WHEN 'object' THEN node.value ELSE '{}' END) AS member
            -- A key that is no plain word is quoted, so that "prices.input" is not taken for the input of prices.
            CROSS JOIN LATERAL (SELECT CASE WHEN member.key ~ '^[A-Za-z_][A-Za-z0-9_-]{0,63}$' THEN member.key
                                            ELSE to_json(left(member.key, 64))::text END AS text) AS name
            WHERE node.field = '' OR governing.type = 'object'
            UNION ALL
            SELECT format('%s[%s]', node.path, element.ordinality - 1), node.field || '[]', element.value
            FROM jsonb_array_elements(CASE jsonb_typeof(node.value) WHEN 'array' THEN node.value ELSE '[]' END)
                WITH ORDINALITY AS element
            WHERE governing.type = 'array'
        ) AS child (path, field, value)
    )
    SELECT node.path, node.field, node.parent, node.value FROM node
$$;
COMMENT ON FUNCTION agentctl.document_nodes(jsonb) IS 'Every value in a document with the field that governs it.';
REVOKE ALL ON FUNCTION agentctl.document_nodes(jsonb) FROM PUBLIC;
