CREATE OR REPLACE FUNCTION agentctl.check_named_setting(name text, value text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wanted text := CASE check_named_setting.name WHEN 'default_agent' THEN 'agent' WHEN 'planning_agent' THEN 'agent'
        WHEN 'default_policy' THEN 'policy' END;
BEGIN
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
    'Fails with AC002 when a setting that names an agent or a policy names none that is in force. Internal: '
    'check_setting() calls it.';
REVOKE ALL ON FUNCTION agentctl.check_named_setting(text, text) FROM PUBLIC;
