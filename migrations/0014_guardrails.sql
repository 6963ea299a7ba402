-- Guardrails: what is said to an agent, what it says and what its tools return is looked at before it goes on.

INSERT INTO agentctl.definition_kind (kind, description) VALUES
    ('guardrail', 'A check of what is said to an agent, of what it says or of what its tools return, and what is done when it finds something.');

INSERT INTO agentctl.document_field
    (kind, path, type, required, default_value, allowed, pattern, minimum, maximum, reference_kind, description) VALUES
    ('guardrail', 'kind', 'string', true, NULL, '{guardrail}', NULL, NULL, NULL, NULL, 'guardrail'),
    ('guardrail', 'name', 'string', true, NULL, NULL, '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$', 1, 64, NULL, 'Name that agents refer to.'),
    ('guardrail', 'description', 'string', false, '""', NULL, NULL, NULL, 8192, NULL, 'What it is for.'),
    ('guardrail', 'applies_to', 'array', false, '["input"]', NULL, NULL, 1, 3, NULL, 'What is looked at.'),
    ('guardrail', 'applies_to[]', 'string', false, NULL, '{input,output,tool_output}', NULL, NULL, NULL, NULL, 'What the user says, what the agent says, or what its tools return.'),
    ('guardrail', 'check', 'object', true, NULL, NULL, NULL, NULL, NULL, NULL, 'What is looked for: exactly one of its members.'),
    ('guardrail', 'check.pattern', 'object', false, NULL, NULL, NULL, NULL, NULL, NULL, 'A regular expression.'),
    ('guardrail', 'check.pattern.must_match', 'string', false, NULL, NULL, NULL, 1, 4096, NULL, 'Text in which this is not found is a hit.'),
    ('guardrail', 'check.pattern.must_not_match', 'string', false, NULL, NULL, NULL, 1, 4096, NULL, 'Each place where this is found is a hit.'),
    ('guardrail', 'check.length', 'object', false, NULL, NULL, NULL, NULL, NULL, NULL, 'How long the text has to be and may be.'),
    ('guardrail', 'check.length.minimum_characters', 'integer', false, NULL, NULL, NULL, 0, 1000000000, NULL, 'Least number of Unicode code points.'),
    ('guardrail', 'check.length.maximum_characters', 'integer', false, NULL, NULL, NULL, 0, 1000000000, NULL, 'Greatest number of Unicode code points.'),
    ('guardrail', 'check.length.minimum_bytes', 'integer', false, NULL, NULL, NULL, 0, 1000000000, NULL, 'Least number of bytes in UTF-8.'),
    ('guardrail', 'check.length.maximum_bytes', 'integer', false, NULL, NULL, NULL, 0, 1000000000, NULL, 'Greatest number of bytes in UTF-8.'),
    ('guardrail', 'check.schema', 'schema', false, NULL, NULL, NULL, NULL, 262144, NULL, 'The text has to be JSON that fits this JSON Schema.'),
    ('guardrail', 'check.topics', 'map', false, NULL, NULL, NULL, NULL, 262144, NULL, 'Topics that are not spoken of: by their names lists of regular expressions, in which case does not matter.'),
    ('guardrail', 'check.personal_data', 'array', false, NULL, NULL, NULL, 1, 6, NULL, 'Kinds of personal data that are looked for.'),
    ('guardrail', 'check.personal_data[]', 'string', false, NULL, '{email,phone,credit_card,iban,ip_address,us_ssn}', NULL, NULL, NULL, NULL, 'One kind.'),
    ('guardrail', 'check.secrets', 'boolean', false, NULL, NULL, NULL, NULL, NULL, NULL, 'true: keys, tokens and passwords are looked for.'),
    ('guardrail', 'check.injection', 'boolean', false, NULL, NULL, NULL, NULL, NULL, NULL, 'true: orders to a model, roles that somebody else plays and hidden characters are looked for.'),
    ('guardrail', 'check.judge', 'object', false, NULL, NULL, NULL, NULL, NULL, NULL, 'Another agent''s model is asked.'),
    ('guardrail', 'check.judge.agent', 'string', true, NULL, NULL, NULL, 1, 64, 'agent', 'Name of the agent whose model and system prompt are used; its tools are not.'),
    ('guardrail', 'check.judge.question', 'string', true, NULL, NULL, NULL, 1, 8192, NULL, 'A question about the text; the answer yes is a hit.'),
    ('guardrail', 'check.judge.timeout', 'number', false, NULL, NULL, NULL, 0.001, 3600, NULL, 'Seconds that the model may take; 30 without it.'),
    ('guardrail', 'check.judge.on_error', 'string', false, NULL, '{block,pass}', NULL, NULL, NULL, NULL, 'What is done when the model fails or answers something else; block without it.'),
    ('guardrail', 'action', 'string', true, NULL, '{block,redact,warn,ask}', NULL, NULL, NULL, NULL, 'What is done on a hit: the text goes no further; what was found is taken out; it is recorded; a person decides.'),
    ('guardrail', 'message', 'string', false, NULL, NULL, NULL, 1, 4096, NULL, 'What is said instead of a blocked text.'),
    ('guardrail', 'approval_timeout', 'number', false, '86400', NULL, NULL, 0.001, 31536000, NULL, 'Seconds that a person may take to decide.'),

    ('agent', 'guardrails', 'array', false, '[]', NULL, NULL, NULL, 32, NULL, 'Names of the guardrails that look at what it is told and what it says, in their order.'),
    ('agent', 'guardrails[]', 'string', false, NULL, NULL, NULL, 1, 64, 'guardrail', 'Name of a guardrail.');

CREATE FUNCTION agentctl.guardrail_rules(document jsonb) RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH given AS (
        SELECT CASE jsonb_typeof(document -> 'check') WHEN 'object' THEN document -> 'check' ELSE '{}' END AS "check",
               document ->> 'action' AS action
    ), measured AS (
        SELECT g.*, (SELECT count(*) FROM jsonb_object_keys(g."check")) AS checks,
               (SELECT string_agg(k, ', ' ORDER BY k) FROM jsonb_object_keys(g."check") AS k) AS names,
               CASE jsonb_typeof(g."check" -> 'pattern') WHEN 'object' THEN g."check" -> 'pattern' ELSE '{}' END AS pattern,
               CASE jsonb_typeof(g."check" -> 'length') WHEN 'object' THEN g."check" -> 'length' ELSE '{}' END AS length
        FROM given AS g
    )
    SELECT rule.path, rule.problem, rule.expected
    FROM measured AS m
    CROSS JOIN LATERAL (VALUES
        ('check', jsonb_typeof(document -> 'check') = 'object' AND m.checks <> 1,
            CASE m.checks WHEN 0 THEN 'is empty' ELSE 'has ' || m.names END,
            'exactly one of pattern, length, schema, topics, personal_data, secrets, injection, judge'),
        ('check.pattern', m."check" ? 'pattern' AND (m.pattern ? 'must_match') = (m.pattern ? 'must_not_match'),
            CASE WHEN m.pattern ? 'must_match' THEN 'has both' ELSE 'has neither' END, 'must_match or must_not_match'),
        ('check.length', m."check" ? 'length' AND m.length = '{}', 'is empty', 'a minimum or a maximum'),
        ('check.topics', m."check" -> 'topics' = '{}', 'is empty', 'a topic with its regular expressions'),
        ('check.secrets', m."check" -> 'secrets' = 'false', 'is false', 'true'),
        ('check.injection', m."check" -> 'injection' = 'false', 'is false', 'true'),
        ('action', m.action = 'redact' AND (m."check" ?| '{length,schema,judge}' OR m.pattern ? 'must_match'),
            'is "redact"', 'block, warn or ask, as this check finds no place in the text'),
        ('action', m.action = 'ask' AND jsonb_typeof(document -> 'applies_to') = 'array' AND document -> 'applies_to' ? 'output',
            'is "ask"', 'block, redact or warn for output; a person can be asked about input and tool_output')
    ) AS rule (path, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT 'check.topics.' || left(topic.key, 64), 'is ' || agentctl.json_type_name(topic.value), 'a list of regular expressions'
    FROM jsonb_each(CASE jsonb_typeof(document #> '{check,topics}') WHEN 'object' THEN document #> '{check,topics}' ELSE '{}' END) AS topic
    WHERE CASE jsonb_typeof(topic.value)
        WHEN 'array' THEN topic.value = '[]'
            OR EXISTS (SELECT FROM jsonb_array_elements(topic.value) AS e WHERE jsonb_typeof(e.value) <> 'string' OR e.value = '""')
        ELSE true END
$$;
COMMENT ON FUNCTION agentctl.guardrail_rules(jsonb) IS 'What one field of a document of kind guardrail asks of another.';

CREATE VIEW agentctl.guardrails AS
SELECT v.name,
       v.document ->> 'description' AS description,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'applies_to')) AS applies_to,
       v.document -> 'check' AS "check",
       v.document ->> 'action' AS action,
       v.document ->> 'message' AS message,
       (v.document ->> 'approval_timeout')::double precision AS approval_timeout,
       v.version, v.id AS version_id, v.created_at, v.created_by
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'guardrail';
COMMENT ON VIEW agentctl.guardrails IS 'The guardrails in force. INSERT and UPDATE register a new version.';
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.guardrails FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('guardrail');

DO $$
DECLARE
    comment record;
BEGIN
    FOR comment IN
        SELECT f.kind || 's' AS view, f.path AS name, f.description
        FROM agentctl.document_field AS f
        WHERE f.path !~ '[.[]' AND (f.kind = 'guardrail' AND f.path <> 'kind' OR f.kind = 'agent' AND f.path = 'guardrails')
        UNION ALL
        VALUES ('guardrails', 'version', 'Version in force, counted from 1.'), ('guardrails', 'version_id', 'Identifies the version.'),
            ('guardrails', 'created_at', 'When the version was registered.'), ('guardrails', 'created_by', 'Database user who registered it.')
    LOOP
        EXECUTE format('COMMENT ON COLUMN agentctl.%I.%I IS %L', comment.view, comment.name, comment.description);
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION agentctl.guardrail_rules(jsonb) FROM PUBLIC;
REVOKE ALL ON agentctl.guardrails FROM PUBLIC;
INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES
    ('agentctl_reader', 'table', 'agentctl.guardrails', 'SELECT');
SELECT agentctl.grant_roles();
