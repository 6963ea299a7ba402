CREATE OR REPLACE FUNCTION agentctl.normal_answer(answer jsonb, rule jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    value jsonb := answer;
    said text;
    way text;
    unit numeric := coalesce((rule ->> 'tolerance')::numeric, 0.000001);
    options text[];
BEGIN
    IF coalesce(rule ->> 'select', '') <> '' THEN
        -- A text that is JSON is read as such.
        IF jsonb_typeof(value) = 'string' THEN
            BEGIN
                value := (value #>> '{}')::jsonb;
            EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
                RETURN NULL;
            END;
        END IF;
        value := value #> ARRAY(SELECT replace(replace(t, '~1', '/'), '~0', '~')
            FROM unnest(string_to_array(substr(rule ->> 'select', 2), '/')) AS t);
    END IF;
    IF value IS NULL OR value = 'null' THEN RETURN NULL; END IF;
    said := value #>> '{}';
    FOR way IN SELECT w FROM jsonb_array_elements_text(coalesce(rule -> 'normalize', '["space"]')) AS w LOOP
        said := CASE way
            WHEN 'space' THEN btrim(regexp_replace(said, '\s+', ' ', 'g'))
            WHEN 'case' THEN lower(said)
            WHEN 'punctuation' THEN regexp_replace(said, '[[:punct:]]', '', 'g')
            WHEN 'number' THEN (SELECT trim_scale(round(m[1]::numeric / unit) * unit)::text
                FROM regexp_match(replace(said, ',', ''), '(-?\d+(?:\.\d+)?)') AS m)
            ELSE said END;
    END LOOP;
    IF NOT rule ? 'options' THEN RETURN nullif(said, ''); END IF;
    -- A sentence that names exactly one of the options is that one; any other is no vote.
    options := ARRAY(SELECT o FROM jsonb_array_elements_text(rule -> 'options') AS o
        WHERE said ~* ('(^|[^[:alnum:]_])' || regexp_replace(o, '([^[:alnum:][:space:]])', '\\\1', 'g')
            || '($|[^[:alnum:]_])'));
    RETURN CASE WHEN cardinality(options) = 1 THEN options[1] END;
END $$;
COMMENT ON FUNCTION agentctl.normal_answer(jsonb, jsonb) IS
    'An answer as it is compared with others, by the rule {select, normalize, options, tolerance} of a chain; NULL for '
    'no vote.';
REVOKE ALL ON FUNCTION agentctl.normal_answer(jsonb, jsonb) FROM PUBLIC;
