-- What the fields' rows cannot say. A function of its own, so that a later migration adds a rule without the walk.
CREATE OR REPLACE FUNCTION agentctl.document_rules(document jsonb)
    RETURNS TABLE (path text, problem text, expected text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT needed, 'is missing', format('needed by provider %s%s', document ->> 'provider',
               CASE needed WHEN 'base_url' THEN '; or endpoint' ELSE '' END)
    FROM (VALUES ('openai', 'base_url'), ('openai', 'model'), ('openai_responses', 'base_url'),
        ('openai_responses', 'model'), ('anthropic', 'base_url'), ('anthropic', 'model'), ('rules', 'rules')) AS need (provider, needed)
    WHERE document ->> 'kind' = 'model' AND document ->> 'provider' = need.provider AND NOT document ? needed
      AND NOT (needed = 'base_url' AND document ? 'endpoint')
    UNION ALL
    SELECT said.member, 'is beside endpoint', format('%s in the document of the endpoint', said.member)
    FROM (VALUES ('base_url'), ('api_key_env')) AS said (member)
    WHERE document ->> 'kind' = 'model' AND document ? 'endpoint' AND document ? said.member
    UNION ALL
    SELECT format('rules[%s]', rule.ordinality - 1), 'has neither when nor otherwise',
           'when: PATTERN, or otherwise: TEXT'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'rules') WHEN 'array' THEN document -> 'rules'
        ELSE '[]' END)
        WITH ORDINALITY AS rule
    WHERE document ->> 'kind' = 'model' AND jsonb_typeof(rule.value) = 'object' AND NOT rule.value ?| '{when,otherwise}'
    UNION ALL
    SELECT format('options.%s', o.key), 'is a member that each request has', 'another member of the request''s body'
    FROM jsonb_each(CASE jsonb_typeof(document -> 'options') WHEN 'object' THEN document -> 'options'
        ELSE '{}' END) AS o
    WHERE document ->> 'kind' = 'model'
      AND o.key = ANY ('{model,messages,input,tools,stream,system,instructions}')
    UNION ALL
    SELECT format('omit[%s]', o.ordinality - 1), 'is a member that each request needs', 'a member that can be left out'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'omit') WHEN 'array' THEN document -> 'omit'
        ELSE '[]' END) WITH ORDINALITY AS o
    WHERE document ->> 'kind' = 'model' AND o.value <@ '["model", "messages", "tools", "stream"]'
    UNION ALL
    SELECT format('fallback[%s].model', f.ordinality - 1),
           CASE WHEN f.value -> 'model' = document -> 'name' THEN 'is the model itself' ELSE 'is named twice' END,
           'another model'
    FROM (SELECT e.*, row_number() OVER (PARTITION BY e.value -> 'model' ORDER BY e.ordinality) AS occurrence
          FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'fallback') WHEN 'array' THEN document -> 'fallback'
              ELSE '[]' END) WITH ORDINALITY AS e) AS f
    WHERE document ->> 'kind' = 'model' AND f.value ? 'model'
      AND (f.occurrence > 1 OR f.value -> 'model' = document -> 'name')
    UNION ALL
    SELECT format('functions[%s]', f.ordinality - 1),
           CASE WHEN document -> 'tools' @> jsonb_build_array(f.value) THEN 'is also one of the tools'
               ELSE 'is named twice' END,
           'names that are all different, as the model calls tools and functions alike'
    FROM (SELECT e.*, row_number() OVER (PARTITION BY e.value ORDER BY e.ordinality) AS occurrence
          FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'functions') WHEN 'array' THEN document -> 'functions'
              ELSE '[]' END)
              WITH ORDINALITY AS e) AS f
    WHERE document ->> 'kind' = 'agent' AND jsonb_typeof(f.value) = 'string'
      AND (f.occurrence > 1 OR document -> 'tools' @> jsonb_build_array(f.value))
    UNION ALL
    -- The tool that delegates has this name.
    SELECT format('%s[%s]', member.list, e.ordinality - 1), 'is "delegate", the tool of an agent that delegates',
           'a tool or function of another name, or neither delegates nor delegate_capabilities'
    FROM (VALUES ('tools'), ('functions')) AS member (list)
    CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(document -> member.list) WHEN 'array'
        THEN document -> member.list ELSE '[]' END) WITH ORDINALITY AS e
    WHERE document ->> 'kind' = 'agent' AND e.value = '"delegate"'
      AND (coalesce(document -> 'delegates', '[]') <> '[]'
          OR coalesce(document -> 'delegate_capabilities', '[]') <> '[]')
    UNION ALL
    -- A model that writes its calls ends its work with it.
    SELECT format('%s[%s]', member.list, e.ordinality - 1), 'is "finish", the last action of strategy react',
           'a tool or function of another name, or another strategy'
    FROM (VALUES ('tools'), ('functions')) AS member (list)
    CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(document -> member.list) WHEN 'array'
        THEN document -> member.list ELSE '[]' END) WITH ORDINALITY AS e
    WHERE document ->> 'kind' = 'agent' AND e.value = '"finish"' AND document ->> 'strategy' = 'react'
    UNION ALL
    SELECT 'max_chain_depth', 'is 0, and ' || given.list || ' names others', 'at least 1, or no ' || given.list
    FROM (VALUES ('delegates'), ('delegate_capabilities')) AS given (list)
    WHERE document ->> 'kind' = 'agent' AND document -> 'max_chain_depth' = '0'
      AND coalesce(document -> given.list, '[]') <> '[]'
    UNION ALL
    -- What is for vectors, and what makes none.
    SELECT CASE WHEN o.is_missing THEN 'dimensions' WHEN o.is_other THEN 'provider' ELSE o.field END,
           CASE WHEN o.is_missing THEN 'is missing' WHEN o.is_other
               THEN format('is "%s", which makes no vectors', left(document ->> 'provider', 64))
               ELSE 'is of models with purpose: embedding' END,
           CASE WHEN o.is_missing THEN 'how many numbers a vector has' WHEN o.is_other THEN 'openai'
               ELSE 'purpose: embedding, or none of these fields' END
    FROM (
        SELECT f.field, false AS is_missing, false AS is_other
        FROM unnest('{dimensions,send_dimensions,batch,max_input_bytes,document_prefix,question_prefix,'
            'question_timeout}'::text[]) AS f (field)
        WHERE document ->> 'purpose' IS DISTINCT FROM 'embedding' AND document ? f.field
        UNION ALL
        SELECT NULL, true, false WHERE document ->> 'purpose' = 'embedding' AND NOT document ? 'dimensions'
        UNION ALL
        SELECT NULL, false, true WHERE document ->> 'purpose' = 'embedding' AND document ->> 'provider' <> 'openai'
    ) AS o
    WHERE document ->> 'kind' = 'model'
    UNION ALL
    SELECT rule.* FROM agentctl.function_rules(document) AS rule WHERE document ->> 'kind' = 'function'
    UNION ALL
    SELECT rule.* FROM agentctl.tool_rules(document) AS rule WHERE document ->> 'kind' = 'tool'
    UNION ALL
    SELECT rule.* FROM agentctl.policy_rules(document) AS rule WHERE document ->> 'kind' = 'policy';
    IF document ->> 'kind' = 'guardrail' THEN
        RETURN QUERY SELECT rule.* FROM agentctl.guardrail_rules(document) AS rule;
    ELSIF document ->> 'kind' = 'chain' THEN
        RETURN QUERY SELECT rule.* FROM agentctl.chain_rules(document) AS rule;
    ELSIF document ->> 'kind' = 'schedule' THEN
        RETURN QUERY SELECT rule.* FROM agentctl.schedule_rules(document) AS rule;
    ELSIF document ->> 'kind' = 'block' THEN
        RETURN QUERY SELECT rule.* FROM agentctl.block_rules(document) AS rule;
    ELSIF document ->> 'kind' = 'hook' THEN
        RETURN QUERY SELECT rule.* FROM agentctl.hook_rules(document) AS rule;
    ELSIF document ->> 'kind' = 'endpoint' THEN
        RETURN QUERY SELECT rule.* FROM agentctl.endpoint_rules(document) AS rule;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.document_rules(jsonb) IS
    'What one field of a document asks of another, and what else one field alone does not tell.';
REVOKE ALL ON FUNCTION agentctl.document_rules(jsonb) FROM PUBLIC;
