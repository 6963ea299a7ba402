CREATE OR REPLACE FUNCTION agentctl.comment_definition_views() RETURNS integer
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
DECLARE
    wanted record;
    made integer := 0;
BEGIN
    FOR wanted IN
        SELECT a.attrelid::regclass AS view, a.attname AS name, c.description
        FROM definition_kind AS k
        CROSS JOIN LATERAL (SELECT CASE k.kind WHEN 'policy' THEN 'policies'
            WHEN 'plan' THEN 'plan_templates' ELSE k.kind || 's' END AS name) AS view
        JOIN pg_attribute AS a ON a.attrelid = to_regclass(format('agentctl.%I', view.name)) AND a.attnum > 0
        JOIN LATERAL (
            SELECT f.path, f.description FROM document_field AS f WHERE f.kind = k.kind
            UNION ALL
            VALUES ('version', 'Version in force, counted from 1.'), ('version_id', 'Identifies the version.'),
                ('created_at', 'When the version was registered.'), ('created_by', 'Database user who registered it.')
        ) AS c (name, description) ON c.name = a.attname
        WHERE col_description(a.attrelid, a.attnum) IS DISTINCT FROM c.description
        UNION ALL
        -- What the caller has of a view is described as the view is.
        SELECT a.attrelid::regclass, a.attname, col_description(o.attrelid, o.attnum)
        FROM pg_class AS v
        JOIN pg_class AS w ON w.relnamespace = v.relnamespace AND v.relname = 'own_' || w.relname AND w.relkind = 'v'
        JOIN pg_attribute AS a ON a.attrelid = v.oid AND a.attnum > 0
        JOIN pg_attribute AS o ON o.attrelid = w.oid AND o.attname = a.attname
        WHERE v.relnamespace = 'agentctl'::regnamespace AND v.relkind = 'v'
          AND col_description(a.attrelid, a.attnum) IS DISTINCT FROM col_description(o.attrelid, o.attnum)
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', wanted.view, wanted.name, wanted.description);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
COMMENT ON FUNCTION agentctl.comment_definition_views() IS
    'Gives the columns of the views of definitions the descriptions of the fields that they show, and those of own_… '
    'those of the views they are of; returns how many had none, or another.';
REVOKE ALL ON FUNCTION agentctl.comment_definition_views() FROM PUBLIC;
