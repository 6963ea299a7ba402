CREATE OR REPLACE FUNCTION agentctl.check_named_setting(name text, value text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wanted text := CASE check_named_setting.name WHEN 'default_agent' THEN 'agent' WHEN 'planning_agent' THEN 'agent'
        WHEN 'default_policy' THEN 'policy' WHEN 'embedder' THEN 'model' END;
    purpose text;
BEGIN
    IF check_named_setting.name = 'embedder' AND check_named_setting.value <> '' THEN
        SELECT coalesce(v.document ->> 'purpose', 'chat') INTO purpose
        FROM definition AS d
        JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind = 'model' AND d.name = check_named_setting.value;
        IF purpose <> 'embedding' THEN
            RAISE EXCEPTION 'model "%" answers messages and makes no vectors', check_named_setting.value
                USING ERRCODE = 'AC001', HINT = 'Setting "embedder" takes a model whose row has purpose: embedding.';
        END IF;
    END IF;
    -- Empty is none.
    IF wanted IS NULL OR check_named_setting.value = ''
        OR check_named_setting.name = 'default_agent'
            AND agentctl.responder_kind(check_named_setting.value) IS NOT NULL
        OR check_named_setting.name <> 'default_agent'
            AND EXISTS (SELECT FROM definition AS d
                WHERE d.kind = wanted AND d.name = check_named_setting.value AND d.current_version IS NOT NULL) THEN
        RETURN;
    END IF;
    PERFORM agentctl.raise_unknown(wanted, check_named_setting.value, format('Register it first; setting "%s" takes the '
        'name of one in force, or nothing.', check_named_setting.name));
END $$;
COMMENT ON FUNCTION agentctl.check_named_setting(text, text) IS
    'Fails with AC002 when a setting that names an agent, a policy or a model names none that is in force, with '
    'AC001 when it is no model that makes vectors. Internal: check_setting() calls it.';
REVOKE ALL ON FUNCTION agentctl.check_named_setting(text, text) FROM PUBLIC;
