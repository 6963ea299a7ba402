-- Which versions of this database stand for those of a document, after storing the missing ones where that is wanted.
-- The same content under the same name is the same version, whatever its number; what is in force here stays so.
CREATE OR REPLACE FUNCTION agentctl.match_definitions(document jsonb, register boolean)
RETURNS TABLE (key text, id bigint, version integer, registered boolean)
LANGUAGE plpgsql SET search_path = agentctl, pg_temp SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    missing jsonb;
    documents jsonb;
    each record;
    found_id bigint;
    number integer;
    problems jsonb;
    stored bigint[] := '{}';
BEGIN
    IF register THEN
        LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    END IF;
    -- A version that nothing refers to is here for its name: what the conversation needs to go on. One of that name is
    -- enough.
    WITH given AS (
        SELECT d.*, decode(d.content_hash, 'hex') AS hash, d.kind || '/' || d.name || '/' || d.version AS key
        FROM jsonb_to_recordset(match_definitions.document -> 'definitions') AS d (
            kind text, name text, version integer, in_force boolean, content_hash text, document jsonb)
    ), named AS (
        SELECT DISTINCT e.value ->> 'definition' AS key
        FROM unnest('{turns,steps,tool_calls,compactions,function_calls}'::text[]) AS p (part)
        CROSS JOIN LATERAL jsonb_array_elements(match_definitions.document -> p.part) AS e
        WHERE e.value ? 'definition'
        UNION SELECT match_definitions.document #>> '{progress,definition}'
        UNION SELECT e.value ->> 'chain' FROM jsonb_array_elements(match_definitions.document -> 'turns') AS e
        UNION SELECT match_definitions.document #>> '{progress,chain}'
    )
    SELECT jsonb_agg(to_jsonb(g) - 'hash' ORDER BY g.kind, g.name, g.version) INTO missing
    FROM given AS g
    WHERE NOT EXISTS (SELECT FROM definition_version AS v WHERE v.kind = g.kind AND v.name = g.name
        AND v.content_hash = g.hash)
      AND (g.key IN (SELECT n.key FROM named AS n)
           OR NOT EXISTS (SELECT FROM definition AS d WHERE d.kind = g.kind AND d.name = g.name
               AND d.current_version IS NOT NULL));
    IF missing IS NOT NULL AND NOT register THEN
        RAISE EXCEPTION 'this database lacks %', (
            SELECT string_agg(format('%s %s version %s (%s)', m ->> 'kind', m ->> 'name', m ->> 'version',
                left(m ->> 'content_hash', 12)), ', ' ORDER BY i)
            FROM jsonb_array_elements(missing) WITH ORDINALITY AS e (m, i))
            USING ERRCODE = 'AC003',
                DETAIL = (SELECT jsonb_agg(m - 'document' - 'key') FROM jsonb_array_elements(missing) AS m)::text,
                  HINT = 'Import with --register (SQL: register => true) to store them beside what is there, or register them first.';
    END IF;
    IF missing @? '$[*] ? (!exists(@.document) || @.document == null)' THEN
        RAISE EXCEPTION 'the file does not have the documents of %', (
            SELECT string_agg(format('%s %s version %s', m ->> 'kind', m ->> 'name', m ->> 'version'), ', ' ORDER BY i)
            FROM jsonb_array_elements(missing) WITH ORDINALITY AS e (m, i)
            WHERE coalesce(m -> 'document', 'null') = 'null')
            USING ERRCODE = 'AC003',
                HINT = 'Have a member of agentctl_reader write the file, or register them first.';
    END IF;
    IF missing IS NOT NULL THEN
        documents := jsonb_path_query_array(match_definitions.document, '$.definitions[*].document');
        SELECT jsonb_agg(
            jsonb_build_object('path', format('definitions (%s %s version %s) %s', m ->> 'kind', m ->> 'name',
            m ->> 'version', p.path),
                   'problem', p.problem, 'expected', p.expected)) INTO problems
        FROM jsonb_array_elements(missing) AS m
        CROSS JOIN LATERAL agentctl.document_problems(m -> 'document', documents) AS p;
        IF problems IS NOT NULL THEN
            RAISE EXCEPTION 'a definition cannot be registered here: %', (
                SELECT string_agg(format('%s %s (expected %s)', p ->> 'path', p ->> 'problem', p ->> 'expected'), '; ')
                FROM (SELECT e.value AS p FROM jsonb_array_elements(problems) AS e LIMIT 20) AS first)
                USING ERRCODE = 'AC001', DETAIL = problems::text;
        END IF;
        FOR each IN
            SELECT m.* FROM jsonb_to_recordset(missing) AS m (kind text, name text, version integer, in_force boolean,
                content_hash text, document jsonb)
            ORDER BY m.kind, m.name, m.version
        LOOP
            -- Its own number where that is free, so that the conversation is written out again as it was.
            number := CASE WHEN EXISTS (SELECT FROM definition_version AS v WHERE v.kind = each.kind
                AND v.name = each.name AND v.version = each.version)
                THEN (SELECT max(v.version) + 1 FROM definition_version AS v WHERE v.kind = each.kind
                    AND v.name = each.name)
                ELSE each.version END;
            INSERT INTO definition_version (kind, name, version, document, content_hash)
            VALUES (each.kind, each.name, number, each.document, decode(each.content_hash, 'hex'))
            RETURNING definition_version.id INTO found_id;
            stored := stored || found_id;
            INSERT INTO definition_reference (version_id, path, kind, name)
            SELECT found_id, node.path, f.reference_kind, node.value #>> '{}'
            FROM agentctl.document_nodes(each.document) AS node
            JOIN document_field AS f ON f.kind = each.kind AND f.path = node.field AND f.reference_kind IS NOT NULL;
            INSERT INTO definition AS d (kind, name, current_version)
            VALUES (each.kind, each.name, CASE WHEN each.in_force OR each.kind = 'agent' THEN number END)
            ON CONFLICT (kind, name) DO UPDATE SET current_version = excluded.current_version,
                updated_at = clock_timestamp()
            WHERE excluded.current_version IS NOT NULL AND (d.current_version IS NULL OR each.in_force AND EXISTS (
                -- Of the same import, an earlier version that is not the one in force.
                SELECT FROM definition_version AS v WHERE v.kind = d.kind AND v.name = d.name
                    AND v.version = d.current_version
                  AND v.id = ANY (stored)));
        END LOOP;
    END IF;
    RETURN QUERY
    SELECT g.key, v.id, v.version, coalesce(missing @> jsonb_build_array(jsonb_build_object('key', g.key)), false)
    FROM (
        SELECT d.*, d.kind || '/' || d.name || '/' || d.version AS key
        FROM jsonb_to_recordset(match_definitions.document -> 'definitions') AS d (kind text, name text,
            version integer, content_hash text)
    ) AS g
    CROSS JOIN LATERAL (
        SELECT o.id, o.version FROM definition_version AS o
        WHERE o.kind = g.kind AND o.name = g.name AND o.content_hash = decode(g.content_hash, 'hex')
        ORDER BY o.version = g.version DESC, o.version DESC LIMIT 1
    ) AS v;
END $$;
COMMENT ON FUNCTION agentctl.match_definitions(jsonb, boolean) IS
    'The versions of this database that stand for those of a conversation''s document, by kind/name/version of the '
    'document; with register, missing ones are stored. Fails with AC003, naming them, when some are missing. '
    'Internal: store_conversation() calls it.';
REVOKE ALL ON FUNCTION agentctl.match_definitions(jsonb, boolean) FROM PUBLIC;
