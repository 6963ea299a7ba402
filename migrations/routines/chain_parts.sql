-- A part without a name has that of its target, made fit for templates; the second of the same name gets a number.
CREATE OR REPLACE FUNCTION agentctl.chain_parts(document jsonb, list text) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    WITH part AS (
        SELECT e.ordinality, e.value, coalesce(e.value ->> 'name', regexp_replace(regexp_replace(coalesce(
                   e.value ->> 'agent', e.value ->> 'chain', e.value ->> 'tool', e.value ->> 'function',
                   CASE list WHEN 'stages' THEN 'stage' WHEN 'branches' THEN 'branch' ELSE 'voter' END
                       || e.ordinality), '[^A-Za-z0-9_-]', '_', 'g'), '^([^A-Za-z_])', '_\1')) AS name,
               coalesce(e.value ->> 'kind', CASE WHEN e.value ? 'tool' THEN 'tool' WHEN e.value ? 'function'
                   THEN 'function'
                   WHEN e.value ? 'chain' THEN 'chain' WHEN e.value ?| '{agent,capabilities}' THEN 'agent'
                   WHEN e.value ? 'message' THEN 'approval' WHEN e.value ? 'plan' THEN 'plan' ELSE 'set' END) AS kind
        FROM jsonb_array_elements(document -> list) WITH ORDINALITY AS e
    ), numbered AS (
        SELECT p.*, row_number() OVER (PARTITION BY p.name, p.value ? 'name' ORDER BY p.ordinality) AS occurrence
        FROM part AS p
    )
    SELECT coalesce(jsonb_agg(n.value || jsonb_build_object('path', format('%s[%s]', list, n.ordinality - 1),
               'kind', n.kind, 'name', n.name || CASE WHEN n.occurrence > 1 AND NOT n.value ? 'name'
                   THEN '-' || n.occurrence ELSE '' END) ORDER BY n.ordinality), '[]')
    FROM numbered AS n
$$;
COMMENT ON FUNCTION agentctl.chain_parts(jsonb, text) IS
    'The parts in a list of a chain (stages, branches, voters, nodes), each with its place, kind and name. Internal: '
    'compile_chain() calls it.';
REVOKE ALL ON FUNCTION agentctl.chain_parts(jsonb, text) FROM PUBLIC;
