CREATE OR REPLACE FUNCTION agentctl.apply_settings(conversation text, change jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen text := coalesce(apply_settings.change ->> 'agent',
        (SELECT v.agent FROM conversation AS v WHERE v.id = apply_settings.conversation));
    numbers jsonb := apply_settings.change - '{agent,lowers,routing}'::text[];
BEGIN
    IF apply_settings.change ? 'lowers' THEN
        SELECT coalesce(jsonb_object_agg(n.key, CASE
                   WHEN n.key ~ '^(max_|timeout$|output_retries$|history_limit$)' AND jsonb_typeof(n.value) = 'number'
                   THEN least((n.value #>> '{}')::numeric,
                       coalesce(own.most, (f.default_value #>> '{}')::numeric))::text::jsonb
                   ELSE n.value END), '{}') INTO numbers
        FROM jsonb_each(numbers) AS n
        LEFT JOIN document_field AS f ON f.kind = 'agent' AND f.path = n.key
        CROSS JOIN LATERAL (
            -- Settings hold for each agent of a chain that answers in the conversation.
            SELECT min((coalesce(v.document -> n.key, f.default_value) #>> '{}')::numeric) AS most
            FROM definition AS d
            JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
            WHERE d.kind = 'agent' AND jsonb_typeof(n.value) = 'number'
              AND (d.name = chosen OR d.name IN (
                  SELECT r.name FROM definition AS c
                  JOIN definition_version AS w ON w.kind = c.kind AND w.name = c.name AND w.version = c.current_version
                  JOIN definition_reference AS r ON r.version_id = w.id
                  WHERE c.kind = 'chain' AND c.name = chosen AND r.kind = 'agent'))
        ) AS own;
    END IF;
    UPDATE conversation AS v
    SET agent = chosen,
        -- How messages are routed was changed by set() itself: it holds for what is submitted, not for what is run.
        settings = jsonb_strip_nulls(CASE WHEN v.agent = chosen THEN v.settings || numbers ELSE numbers END
            || jsonb_build_object('routing', v.settings -> 'routing'))
    WHERE v.id = apply_settings.conversation;
    RETURN apply_settings.change - 'lowers' || numbers;
END $$;
COMMENT ON FUNCTION agentctl.apply_settings(text, jsonb) IS
    'Carries out a change of settings and returns what it came to: limits that the caller of set() may only lower are '
    'not raised. Internal: apply_operation() calls it.';
REVOKE ALL ON FUNCTION agentctl.apply_settings(text, jsonb) FROM PUBLIC;
