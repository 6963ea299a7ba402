CREATE OR REPLACE FUNCTION agentctl.check_documents(documents jsonb)
RETURNS TABLE (document integer, path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    mistake record;
    wrong integer[] := '{}';
BEGIN
    FOR mistake IN
        SELECT (each.ordinality - 1)::integer AS document, p.path, p.problem, p.expected, p.nearest
        FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
        CROSS JOIN LATERAL agentctl.document_problems(each.value, documents) AS p
        ORDER BY each.ordinality, p.path
    LOOP
        wrong := wrong || mistake.document;
        RETURN QUERY SELECT mistake.document, mistake.path, mistake.problem, mistake.expected, mistake.nearest;
    END LOOP;

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

    RETURN QUERY
    SELECT found.document, found.path, found.problem, found.expected, found.nearest
    FROM agentctl.policy_problems(documents) AS found;
    RETURN QUERY
    SELECT found.document, found.path, found.problem, found.expected, found.nearest
    FROM agentctl.policy_argument_problems(documents) AS found;

    RETURN QUERY
    SELECT found.document, found.path, found.problem, found.expected, NULL::text
    FROM agentctl.tool_calling_problems(documents) AS found;

    -- A message goes to an agent or a chain by name alone.
    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, 'name', format('is also the name of %s', other.kind),
           'a name that no agent and no other chain has', NULL::text
    FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
    JOIN (VALUES ('agent', 'chain', 'a chain'), ('chain', 'agent', 'an agent')) AS other (own, against, kind)
        ON other.own = each.value ->> 'kind'
    WHERE EXISTS (SELECT FROM definition AS d WHERE d.kind = other.against AND d.name = each.value ->> 'name'
                  AND d.current_version IS NOT NULL)
       OR other.own = 'chain' AND EXISTS (SELECT FROM jsonb_array_elements(documents) AS o
           WHERE o.value ->> 'kind' = 'agent' AND o.value ->> 'name' = each.value ->> 'name');

    RETURN QUERY
    SELECT found.document, found.path, found.problem, found.expected, NULL::text
    FROM agentctl.chain_nesting_problems(documents) AS found
    WHERE NOT found.document = ANY (wrong) ORDER BY found.document, found.path;
    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, found.path, found.problem, found.expected, found.nearest
    FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
    CROSS JOIN LATERAL agentctl.chain_problems(each.value, documents) AS found
    WHERE each.value ->> 'kind' = 'chain' AND NOT (each.ordinality - 1) = ANY (wrong)
    ORDER BY each.ordinality, found.path;
    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, found.path, found.problem, found.expected, found.nearest
    FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
    CROSS JOIN LATERAL agentctl.plan_problems(each.value) AS found
    WHERE each.value ->> 'kind' = 'plan' AND NOT (each.ordinality - 1) = ANY (wrong)
    ORDER BY each.ordinality, found.path;
END $$;
COMMENT ON FUNCTION agentctl.check_documents(jsonb) IS
    'Everything that is wrong with a list of documents that are to be registered together; document counts from 0.';
REVOKE ALL ON FUNCTION agentctl.check_documents(jsonb) FROM PUBLIC;
