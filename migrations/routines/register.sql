CREATE OR REPLACE FUNCTION agentctl.register(document jsonb)
RETURNS TABLE (kind text, name text, version integer, version_id bigint, changed boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    documents jsonb := CASE jsonb_typeof(document) WHEN 'array' THEN document ELSE jsonb_build_array(document) END;
    problems jsonb;
BEGIN
    IF documents IS NULL OR jsonb_array_length(documents) > 10000 THEN
        RAISE EXCEPTION 'register takes one document or a list of at most 10000' USING ERRCODE = 'AC001';
    END IF;
    SELECT jsonb_agg(to_jsonb(p)) INTO problems FROM agentctl.check_documents(documents) AS p;
    IF problems IS NOT NULL THEN
        RAISE EXCEPTION 'invalid document: %', (
            SELECT string_agg(format('%s %s (expected %s%s)', coalesce(nullif(p ->> 'path', ''), 'document'),
                p ->> 'problem', p ->> 'expected',
                       coalesce('; did you mean ' || (p ->> 'nearest') || '?', '')), '; ')
            FROM jsonb_array_elements(problems) AS p)
            USING ERRCODE = 'AC001', DETAIL = problems::text,
                  HINT = 'The fields of each kind are in agentctl.document_field. Nothing was stored.';
    END IF;

    -- Registration is rare: one at a time keeps versions dense and two registrations from deadlocking. The check above
    -- needs no lock: names come and stay.
    LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    RETURN QUERY
    WITH given AS (
        SELECT each.ordinality, complete.document, complete.document ->> 'kind' AS kind,
               complete.document ->> 'name' AS name, sha256(convert_to(complete.document::text, 'UTF8')) AS content_hash
        FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
        CROSS JOIN LATERAL (SELECT agentctl.complete_document(each.value) AS document) AS complete
    ), current AS (
        SELECT g.*, v.id AS current_id, v.version AS current_version, v.content_hash = g.content_hash AS unchanged,
               coalesce((SELECT max(all_v.version) FROM definition_version AS all_v
                         WHERE all_v.kind = g.kind AND all_v.name = g.name), 0) AS last_version
        FROM given AS g
        LEFT JOIN definition AS d ON d.kind = g.kind AND d.name = g.name
        LEFT JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    ), stored AS (
        INSERT INTO definition_version (kind, name, version, document, content_hash)
        SELECT c.kind, c.name, c.last_version + 1, c.document, c.content_hash
        FROM current AS c WHERE c.unchanged IS NOT TRUE ORDER BY c.ordinality
        RETURNING id, kind, name, version, document
    ), referred AS (
        INSERT INTO definition_reference (version_id, path, kind, name)
        SELECT s.id, node.path, f.reference_kind, node.value #>> '{}'
        FROM stored AS s
        CROSS JOIN LATERAL agentctl.document_nodes(s.document) AS node
        JOIN document_field AS f ON f.kind = s.kind AND f.path = node.field AND f.reference_kind IS NOT NULL
    ), in_force AS (
        INSERT INTO definition AS d (kind, name, current_version)
        SELECT s.kind, s.name, s.version FROM stored AS s
        ON CONFLICT (kind, name) DO UPDATE
            SET current_version = excluded.current_version, updated_at = clock_timestamp()
    )
    SELECT c.kind, c.name, coalesce(s.version, c.current_version), coalesce(s.id, c.current_id), s.id IS NOT NULL
    FROM current AS c LEFT JOIN stored AS s ON s.kind = c.kind AND s.name = c.name
    ORDER BY c.ordinality;
END $$;
COMMENT ON FUNCTION agentctl.register(jsonb) IS
    'Stores one document, or a list of them, all or nothing. The same content is a no-op; a change is a new version, '
    'in force from the next message on. Fails with AC001, naming every problem.';
REVOKE ALL ON FUNCTION agentctl.register(jsonb) FROM PUBLIC;
