CREATE OR REPLACE FUNCTION agentctl.check_documents(documents jsonb)
RETURNS TABLE (document integer, path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, found.path, found.problem, found.expected, found.nearest
    FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
    CROSS JOIN LATERAL agentctl.document_problems(each.value, documents) AS found
    ORDER BY each.ordinality, found.path;

    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, 'name',
           format('is used twice: %s %s', each.value ->> 'kind', each.value ->> 'name'),
           'a name that is unique within its kind', NULL::text
    FROM (SELECT e.ordinality, e.value,
                 row_number() OVER (PARTITION BY e.value ->> 'kind', e.value ->> 'name'
                     ORDER BY e.ordinality) AS occurrence
          FROM jsonb_array_elements(documents) WITH ORDINALITY AS e WHERE e.value ->> 'name' IS NOT NULL) AS each
    WHERE each.occurrence > 1;

    RETURN QUERY
    SELECT found.document, found.path, found.problem, found.expected, NULL::text
    FROM agentctl.pipeline_problems(documents) AS found ORDER BY found.document, found.path;
END $$;
COMMENT ON FUNCTION agentctl.check_documents(jsonb) IS
    'Everything that is wrong with a list of documents that are to be registered together; document counts from 0.';
REVOKE ALL ON FUNCTION agentctl.check_documents(jsonb) FROM PUBLIC;
