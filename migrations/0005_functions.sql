-- Stored functions: code as versioned rows, the record of every call, and the role that SQL of others is run as.

ALTER TABLE agentctl.document_field DROP CONSTRAINT document_field_type_check;
ALTER TABLE agentctl.document_field ADD CONSTRAINT document_field_type_check CHECK (type IN (
    'string', 'integer', 'number', 'boolean', 'object', 'array', 'schema', 'map', 'any', 'value'));
COMMENT ON COLUMN agentctl.document_field.type IS 'JSON type; schema is a JSON Schema, map an object with free keys; any is not looked into, nor is value, which may be null.';

INSERT INTO agentctl.definition_kind (kind, description) VALUES
    ('function', 'Code that an agent, a command or a statement can call: a row with its source.');

INSERT INTO agentctl.document_field
    (kind, path, type, required, default_value, allowed, pattern, minimum, maximum, reference_kind, description) VALUES
    ('function', 'kind', 'string', true, NULL, '{function}', NULL, NULL, NULL, NULL, 'function'),
    ('function', 'name', 'string', true, NULL, NULL, '^[A-Za-z_][A-Za-z0-9_]{0,63}$', 1, 64, NULL, 'Name that is called; in Python, that of the function in the source.'),
    ('function', 'description', 'string', false, '""', NULL, NULL, NULL, 8192, NULL, 'What it does, as models read it.'),
    ('function', 'language', 'string', false, '"python"', '{python,sql}', NULL, NULL, NULL, NULL, 'Language of the source.'),
    ('function', 'source', 'string', true, NULL, NULL, NULL, 1, 262144, NULL, 'A Python module with a function of this name, or one SQL statement with its arguments as :name.'),
    ('function', 'input_schema', 'schema', false, '{"type": "object", "properties": {}, "additionalProperties": false}', NULL, NULL, NULL, 262144, NULL, 'JSON Schema of the arguments: of an object.'),
    ('function', 'output_schema', 'schema', false, NULL, NULL, NULL, NULL, 262144, NULL, 'JSON Schema that the result must fit.'),
    ('function', 'is_async', 'boolean', false, 'false', NULL, NULL, NULL, NULL, NULL, 'Whether it is an async def.'),
    ('function', 'requires_context', 'boolean', false, 'false', NULL, NULL, NULL, NULL, NULL, 'Whether it is given the conversation as the keyword context.'),
    ('function', 'timeout', 'number', false, '30', NULL, NULL, 0.001, 86400, NULL, 'Seconds that one call may take.'),
    ('function', 'memory_limit', 'integer', false, '512', NULL, NULL, 16, 65536, NULL, 'Megabytes that one call may use beyond the interpreter''s own.'),
    ('function', 'safe_mode', 'boolean', false, 'true', NULL, NULL, NULL, NULL, NULL, 'Whether names such as open, eval and exec are refused: a courtesy, the kernel is the boundary.'),
    ('function', 'allowed_imports', 'array', false, '["json", "datetime", "math", "re", "collections", "itertools", "functools", "statistics", "decimal", "random", "string", "textwrap", "hashlib", "base64", "uuid"]', NULL, NULL, NULL, 128, NULL, 'Modules of the standard library that it may import.'),
    ('function', 'allowed_imports[]', 'string', false, NULL, NULL, '^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$', 1, 128, NULL, 'Name of a module.'),
    ('function', 'effect', 'string', false, '"pure"', '{pure,idempotent,sql,unsafe}', NULL, NULL, NULL, NULL, 'What running it twice would do; sql runs in the transaction that stores its result: exactly once.'),
    ('function', 'workspace', 'string', false, '"none"', '{none,read_only,writable}', NULL, NULL, NULL, NULL, 'What it may do with the directory that the process was given.'),
    ('function', 'secrets', 'array', false, '[]', NULL, NULL, NULL, 64, NULL, 'Environment variables of the worker whose values it is given in the context.'),
    ('function', 'secrets[]', 'string', false, NULL, NULL, '^[A-Za-z_][A-Za-z0-9_]{0,127}$', 1, 128, NULL, 'Name of an environment variable.'),
    ('function', 'read_only', 'boolean', false, 'true', NULL, NULL, NULL, NULL, NULL, 'Whether a SQL statement may only read.'),
    ('function', 'output_limit', 'integer', false, '10240', NULL, NULL, 512, 16777216, NULL, 'Bytes of a result that the model is shown.'),
    ('function', 'examples', 'array', false, '[]', NULL, NULL, NULL, 128, NULL, 'Calls with what has to come of them: the tests of the function.'),
    ('function', 'examples[]', 'object', false, NULL, NULL, NULL, NULL, NULL, NULL, 'One call.'),
    ('function', 'examples[].arguments', 'map', false, NULL, NULL, NULL, NULL, 65536, NULL, 'Its arguments.'),
    ('function', 'examples[].result', 'value', false, NULL, NULL, NULL, NULL, 65536, NULL, 'The result; without it any result will do.'),
    ('function', 'examples[].error', 'string', false, NULL, NULL, NULL, 1, 4096, NULL, 'A part of the error that it must end with, or its class.'),

    ('agent', 'functions', 'array', false, '[]', NULL, NULL, NULL, 128, NULL, 'Names of the stored functions that it may call, beside its tools.'),
    ('agent', 'functions[]', 'string', false, NULL, NULL, NULL, 1, 64, 'function', 'Name of a function.');

-- A definition can be taken out of force: its versions and everything that refers to them stay.
ALTER TABLE agentctl.definition ALTER COLUMN current_version DROP NOT NULL;
CREATE INDEX definition_out_of_force ON agentctl.definition (kind, name) WHERE current_version IS NULL;
COMMENT ON COLUMN agentctl.definition.current_version IS 'Version that the next turn uses; NULL when it was taken out of force.';

CREATE OR REPLACE FUNCTION agentctl.document_problems(document jsonb, documents jsonb DEFAULT '[]')
RETURNS TABLE (path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    document_kind text := document ->> 'kind';
    kinds text[] := ARRAY(SELECT k.kind FROM definition_kind AS k ORDER BY k.kind);
BEGIN
    IF jsonb_typeof(document) <> 'object' THEN
        RETURN QUERY SELECT '', 'is ' || agentctl.json_type_name(document), 'an object', NULL::text;
        RETURN;
    END IF;
    IF document_kind IS NULL OR NOT document_kind = ANY (kinds) THEN
        RETURN QUERY SELECT 'kind',
            CASE WHEN document_kind IS NULL THEN 'is missing' ELSE format('is "%s"', left(document_kind, 64)) END,
            'one of ' || array_to_string(kinds, ', '), agentctl.nearest(document_kind, kinds);
        RETURN;
    END IF;

    -- Each value against the field that governs it.
    RETURN QUERY
    SELECT node.path,
           CASE WHEN f.path IS NULL THEN 'is unknown'
                ELSE 'is ' || CASE WHEN wrong.what IN ('type', 'length') THEN agentctl.json_type_name(node.value)
                     ELSE left(node.value::text, 64) END
                     || CASE wrong.what WHEN 'length' THEN format(' of length %s', wrong.size)
                                        WHEN 'reference' THEN ', which is not registered' ELSE '' END
           END,
           CASE WHEN f.path IS NULL THEN 'one of ' || array_to_string(siblings.names, ', ')
                ELSE CASE wrong.what
                    WHEN 'type' THEN CASE f.type WHEN 'schema' THEN 'a JSON Schema (an object or a boolean)'
                                                 WHEN 'map' THEN 'an object'
                                                 WHEN 'any' THEN 'a value other than null'
                                                 ELSE CASE WHEN f.type IN ('integer', 'object', 'array') THEN 'an ' ELSE 'a ' END || f.type END
                    WHEN 'allowed' THEN 'one of ' || array_to_string(f.allowed, ', ')
                    WHEN 'pattern' THEN 'text that matches ' || f.pattern
                    WHEN 'reference' THEN 'the name of a ' || f.reference_kind
                    WHEN 'length' THEN format('a length between %s and %s', coalesce(f.minimum, 0), coalesce(f.maximum::text, 'any'))
                    ELSE format('between %s and %s', coalesce(f.minimum::text, 'any'), coalesce(f.maximum::text, 'any'))
                END
           END,
           CASE WHEN f.path IS NULL THEN agentctl.nearest(substring(node.field FROM '[^.]*$'), siblings.names)
                WHEN wrong.what = 'allowed' THEN agentctl.nearest(node.value #>> '{}', f.allowed)
                WHEN wrong.what = 'reference' THEN agentctl.nearest(node.value #>> '{}', ARRAY(
                    SELECT d.name FROM definition AS d WHERE d.kind = f.reference_kind AND d.current_version IS NOT NULL
                    UNION SELECT other ->> 'name' FROM jsonb_array_elements(documents) AS other
                    WHERE other ->> 'kind' = f.reference_kind))
           END
    FROM agentctl.document_nodes(document) AS node
    LEFT JOIN document_field AS f ON f.kind = document_kind AND f.path = node.field
    LEFT JOIN LATERAL (
        SELECT array_agg(substring(s.path FROM '[^.]*$') ORDER BY s.position) AS names
        FROM document_field AS s
        WHERE f.path IS NULL AND s.kind = document_kind AND s.path NOT LIKE '%[]'
          AND s.path LIKE CASE node.parent WHEN '' THEN '' ELSE replace(node.parent, '_', '\_') || '.' END || '%'
          AND substr(s.path, CASE node.parent WHEN '' THEN 1 ELSE length(node.parent) + 2 END) !~ '[.[]'
    ) AS siblings ON true
    CROSS JOIN LATERAL (
        SELECT jsonb_typeof(node.value) AS json_type,
               CASE WHEN f.type IN ('string', 'schema', 'map', 'any') THEN octet_length(node.value #>> '{}')
                    WHEN f.type = 'array' AND jsonb_typeof(node.value) = 'array' THEN jsonb_array_length(node.value) END AS size,
               CASE WHEN jsonb_typeof(node.value) = 'number' THEN (node.value #>> '{}')::numeric END AS number
    ) AS found
    CROSS JOIN LATERAL (
        SELECT found.size, CASE
            WHEN f.path IS NULL THEN 'unknown'
            WHEN NOT CASE f.type
                WHEN 'integer' THEN found.json_type = 'number' AND scale(found.number) = 0
                WHEN 'schema' THEN found.json_type IN ('object', 'boolean')
                WHEN 'map' THEN found.json_type = 'object'
                WHEN 'any' THEN found.json_type <> 'null'
                WHEN 'value' THEN true
                ELSE found.json_type = f.type END THEN 'type'
            WHEN NOT node.value #>> '{}' = ANY (f.allowed) THEN 'allowed'
            WHEN f.type IN ('string', 'array', 'schema', 'map') AND (found.size < f.minimum OR found.size > f.maximum) THEN 'length'
            WHEN f.pattern IS NOT NULL AND node.value #>> '{}' !~ f.pattern THEN 'pattern'
            WHEN found.number < f.minimum OR found.number > f.maximum THEN 'range'
            WHEN f.reference_kind IS NOT NULL
                AND NOT EXISTS (SELECT FROM definition AS d
                                WHERE d.kind = f.reference_kind AND d.name = node.value #>> '{}' AND d.current_version IS NOT NULL)
                AND NOT EXISTS (SELECT FROM jsonb_array_elements(documents) AS other
                                WHERE other ->> 'kind' = f.reference_kind AND other -> 'name' = node.value) THEN 'reference'
        END AS what
    ) AS wrong
    WHERE node.field <> '' AND wrong.what IS NOT NULL;

    -- Fields that must be there and are not.
    RETURN QUERY
    SELECT concat_ws('.', nullif(node.path, ''), missing.name), 'is missing', format('%s: %s', missing.type, rtrim(missing.description, '.')), NULL::text
    FROM agentctl.document_nodes(document) AS node
    JOIN LATERAL (
        SELECT substr(f.path, CASE node.field WHEN '' THEN 1 ELSE length(node.field) + 2 END) AS name, f.description, f.type
        FROM document_field AS f
        WHERE f.kind = document_kind AND f.required
          AND (node.field = '' OR starts_with(f.path, node.field || '.'))
    ) AS missing ON missing.name !~ '[.[]'
    WHERE jsonb_typeof(node.value) = 'object' AND NOT node.value ? missing.name
      AND (node.field = '' OR EXISTS (
          SELECT FROM document_field AS f WHERE f.kind = document_kind AND f.path = node.field AND f.type = 'object'));

    RETURN QUERY
    SELECT rule.path, rule.problem, rule.expected, NULL::text FROM agentctl.document_rules(document) AS rule;
END $$;

CREATE FUNCTION agentctl.function_rules(document jsonb) RETURNS TABLE (path text, problem text, expected text)
LANGUAGE sql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
    SELECT rule.path, rule.problem, rule.expected
    FROM (
        SELECT coalesce(document ->> 'language', 'python') = 'python' AS is_python,
               coalesce(document ->> 'effect', 'pure') AS effect,
               document ->> 'name' = ANY ('{False,None,True,and,as,assert,async,await,break,class,continue,def,del,elif,else,except,finally,for,from,global,if,import,in,is,lambda,nonlocal,not,or,pass,raise,return,try,while,with,yield}') AS is_keyword
    ) AS given
    CROSS JOIN LATERAL (VALUES
        ('name', given.is_python AND given.is_keyword, 'is a word of the language Python', 'another name'),
        ('effect', given.is_python AND given.effect = 'sql', 'is "sql"', 'pure, idempotent or unsafe; sql only with language sql'),
        ('effect', NOT given.is_python AND given.effect IN ('idempotent', 'unsafe'), format('is "%s"', given.effect), 'pure or sql with language sql'),
        ('read_only', given.is_python AND document -> 'read_only' = 'false', 'is false', 'only with language sql'),
        ('read_only', NOT given.is_python AND document -> 'read_only' = 'false' AND given.effect <> 'sql', 'is false',
            'effect: sql beside it, so that what it writes is written exactly once'),
        ('workspace', NOT given.is_python AND document ->> 'workspace' <> 'none', format('is "%s"', document ->> 'workspace'), 'only with language python'),
        ('is_async', NOT given.is_python AND document -> 'is_async' = 'true', 'is true', 'only with language python'),
        ('requires_context', NOT given.is_python AND document -> 'requires_context' = 'true', 'is true', 'only with language python'),
        ('secrets', jsonb_typeof(document -> 'secrets') = 'array' AND document -> 'secrets' <> '[]'
            AND document -> 'requires_context' IS DISTINCT FROM 'true', 'is given', 'requires_context: true beside it, as secrets come with the context'),
        ('input_schema', document ? 'input_schema' AND document #>> '{input_schema,type}' IS DISTINCT FROM 'object',
            'is not the schema of an object', 'type: object'),
        ('input_schema', document -> 'requires_context' = 'true' AND document #> '{input_schema,properties}' ? 'context',
            'has a property context', 'another name, as the context is given by it')
    ) AS rule (path, is_broken, problem, expected)
    WHERE rule.is_broken
    UNION ALL
    SELECT format('examples[%s]', example.ordinality - 1), 'has both result and error', 'one of them'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'examples') WHEN 'array' THEN document -> 'examples' ELSE '[]' END)
        WITH ORDINALITY AS example
    WHERE jsonb_typeof(example.value) = 'object' AND example.value ?& '{result,error}'
$$;
COMMENT ON FUNCTION agentctl.function_rules(jsonb) IS 'What one field of a document of kind function asks of another.';

-- What the fields' rows cannot say. A function of its own, so that a later migration adds a rule without the walk.
CREATE FUNCTION agentctl.document_rules(document jsonb) RETURNS TABLE (path text, problem text, expected text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT needed, 'is missing', format('needed by provider %s', document ->> 'provider')
    FROM (VALUES ('openai', 'base_url'), ('openai', 'model'), ('rules', 'rules')) AS need (provider, needed)
    WHERE document ->> 'kind' = 'model' AND document ->> 'provider' = need.provider AND NOT document ? needed
    UNION ALL
    SELECT format('rules[%s]', rule.ordinality - 1), 'has neither when nor otherwise', 'when: PATTERN, or otherwise: TEXT'
    FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'rules') WHEN 'array' THEN document -> 'rules' ELSE '[]' END)
        WITH ORDINALITY AS rule
    WHERE document ->> 'kind' = 'model' AND jsonb_typeof(rule.value) = 'object' AND NOT rule.value ?| '{when,otherwise}'
    UNION ALL
    SELECT format('functions[%s]', f.ordinality - 1),
           CASE WHEN document -> 'tools' @> jsonb_build_array(f.value) THEN 'is also one of the tools' ELSE 'is named twice' END,
           'names that are all different, as the model calls tools and functions alike'
    FROM (SELECT e.*, row_number() OVER (PARTITION BY e.value ORDER BY e.ordinality) AS occurrence
          FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'functions') WHEN 'array' THEN document -> 'functions' ELSE '[]' END)
              WITH ORDINALITY AS e) AS f
    WHERE document ->> 'kind' = 'agent' AND jsonb_typeof(f.value) = 'string'
      AND (f.occurrence > 1 OR document -> 'tools' @> jsonb_build_array(f.value))
    UNION ALL
    SELECT rule.* FROM agentctl.function_rules(document) AS rule WHERE document ->> 'kind' = 'function'
    UNION ALL
    SELECT rule.* FROM agentctl.tool_rules(document) AS rule WHERE document ->> 'kind' = 'tool'
    UNION ALL
    SELECT rule.* FROM agentctl.policy_rules(document) AS rule WHERE document ->> 'kind' = 'policy';
    IF document ->> 'kind' = 'guardrail' THEN
        RETURN QUERY SELECT rule.* FROM agentctl.guardrail_rules(document) AS rule;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.document_rules(jsonb) IS 'What one field of a document asks of another, and what else one field alone does not tell.';

-- Whatever is in force refers only to what is in force. Checked at commit, when the references of a new version are
-- there; the lock that every change of definitions takes keeps two of them from passing each other.
CREATE FUNCTION agentctl.definition_keeps_references() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    broken text;
BEGIN
    SELECT format('%s "%s" refers to %s "%s", which is not in force', user_of.kind, user_of.name, r.kind, r.name) INTO broken
    FROM definition AS gone
    JOIN definition_reference AS r ON r.kind = gone.kind AND r.name = gone.name
    JOIN definition_version AS v ON v.id = r.version_id
    JOIN definition AS user_of ON user_of.kind = v.kind AND user_of.name = v.name AND user_of.current_version = v.version
    WHERE gone.current_version IS NULL
    ORDER BY 1 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '%', broken USING ERRCODE = 'AC003', HINT = 'Register it again, or change what refers to it.';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.definition_keeps_references() IS 'Trigger: refuses a definition in force that refers to one that is not.';
CREATE CONSTRAINT TRIGGER definition_keeps_references AFTER INSERT OR UPDATE ON agentctl.definition
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION agentctl.definition_keeps_references();

CREATE FUNCTION agentctl.unregister(name text, kind text DEFAULT 'function') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    was bigint;
    users text;
BEGIN
    IF unregister.kind = 'agent' THEN
        RAISE EXCEPTION 'an agent stays in force' USING ERRCODE = 'AC003', HINT = 'Conversations refer to it.';
    END IF;
    LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    SELECT v.id INTO was
    FROM definition AS d JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    WHERE d.kind = unregister.kind AND d.name = unregister.name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no % "%"', unregister.kind, unregister.name USING ERRCODE = 'AC002';
    END IF;
    SELECT string_agg(DISTINCT format('%s %s', d.kind, d.name), ', ') INTO users
    FROM definition_reference AS r
    JOIN definition_version AS v ON v.id = r.version_id
    JOIN definition AS d ON d.kind = v.kind AND d.name = v.name AND d.current_version = v.version
    WHERE r.kind = unregister.kind AND r.name = unregister.name AND v.id <> was;
    IF users IS NOT NULL THEN
        RAISE EXCEPTION '% "%" is used by %', unregister.kind, unregister.name, users
            USING ERRCODE = 'AC003', HINT = 'Register them without it first.';
    END IF;
    UPDATE definition AS d SET current_version = NULL, updated_at = clock_timestamp()
    WHERE d.kind = unregister.kind AND d.name = unregister.name;
    RETURN was;
END $$;
COMMENT ON FUNCTION agentctl.unregister(text, text) IS 'Takes a definition out of force and returns the id of the version that was; its versions and their history stay, and register() or publish() brings it back. Fails with AC003, naming them, when others in force refer to it.';

CREATE OR REPLACE FUNCTION agentctl.publish(name text, version integer, kind text DEFAULT 'agent') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    published bigint;
BEGIN
    LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    SELECT v.id INTO published FROM definition_version AS v
    WHERE v.kind = publish.kind AND v.name = publish.name AND v.version = publish.version;
    IF published IS NULL THEN
        RAISE EXCEPTION '% "%" has no version %', publish.kind, publish.name, publish.version USING ERRCODE = 'AC002';
    END IF;
    UPDATE definition AS d SET current_version = publish.version, updated_at = clock_timestamp()
    WHERE d.kind = publish.kind AND d.name = publish.name AND d.current_version IS DISTINCT FROM publish.version;
    RETURN published;
END $$;

CREATE VIEW agentctl.functions AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document ->> 'language' AS language,
       v.document ->> 'source' AS source,
       v.document -> 'input_schema' AS input_schema,
       v.document -> 'output_schema' AS output_schema,
       (v.document ->> 'is_async')::boolean AS is_async,
       (v.document ->> 'requires_context')::boolean AS requires_context,
       (v.document ->> 'timeout')::double precision AS timeout,
       (v.document ->> 'memory_limit')::integer AS memory_limit,
       (v.document ->> 'safe_mode')::boolean AS safe_mode,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'allowed_imports')) AS allowed_imports,
       v.document ->> 'effect' AS effect,
       v.document ->> 'workspace' AS workspace,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'secrets')) AS secrets,
       (v.document ->> 'read_only')::boolean AS read_only,
       (v.document ->> 'output_limit')::integer AS output_limit,
       v.document -> 'examples' AS examples,
       v.version, v.id AS version_id, v.created_at, v.created_by
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'function';
COMMENT ON VIEW agentctl.functions IS 'The stored functions in force. INSERT and UPDATE register a new version.';
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.functions FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('function');

CREATE OR REPLACE VIEW agentctl.agents AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document ->> 'system_prompt' AS system_prompt,
       v.document ->> 'model' AS model,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'tools')) AS tools,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'capabilities')) AS capabilities,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'examples')) AS examples,
       v.document -> 'input_schema' AS input_schema,
       v.document -> 'output_schema' AS output_schema,
       (v.document ->> 'output_retries')::integer AS output_retries,
       (v.document ->> 'max_chain_depth')::integer AS max_chain_depth,
       v.document ->> 'chain_strategy' AS chain_strategy,
       v.document ->> 'strategy' AS strategy,
       (v.document ->> 'temperature')::double precision AS temperature,
       (v.document ->> 'top_p')::double precision AS top_p,
       (v.document ->> 'presence_penalty')::double precision AS presence_penalty,
       (v.document ->> 'frequency_penalty')::double precision AS frequency_penalty,
       (v.document ->> 'max_output_tokens')::integer AS max_output_tokens,
       (v.document ->> 'max_iterations')::integer AS max_iterations,
       (v.document ->> 'max_turn_tokens')::integer AS max_turn_tokens,
       (v.document ->> 'history_limit')::integer AS history_limit,
       (v.document ->> 'timeout')::double precision AS timeout,
       v.version, v.id AS version_id, v.created_at, v.created_by,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'functions')) AS functions,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'policies')) AS policies,
       (v.document ->> 'compact_at')::double precision AS compact_at,
       v.document ->> 'when_busy' AS when_busy,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'guardrails')) AS guardrails
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'agent';

DO $$
DECLARE
    comment record;
BEGIN
    FOR comment IN
        SELECT f.kind || 's' AS view, f.path AS name, f.description FROM agentctl.document_field AS f
        WHERE f.path !~ '[.[]' AND (f.kind = 'function' AND f.path <> 'kind' OR f.kind = 'agent' AND f.path = 'functions')
        UNION ALL
        VALUES ('functions', 'version', 'Version in force, counted from 1.'), ('functions', 'version_id', 'Identifies the version.'),
            ('functions', 'created_at', 'When the version was registered.'), ('functions', 'created_by', 'Database user who registered it.')
    LOOP
        EXECUTE format('COMMENT ON COLUMN agentctl.%I.%I IS %L', comment.view, comment.name, comment.description);
    END LOOP;
END $$;

DROP FUNCTION agentctl.agent_parts(text);
CREATE FUNCTION agentctl.agent_parts(name text, model text DEFAULT NULL)
RETURNS TABLE (epoch bigint, kind text, part_name text, version integer, version_id bigint, document jsonb)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH RECURSIVE part (id) AS (
        SELECT v.id FROM agentctl.definition AS d
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind = 'agent' AND d.name = agent_parts.name
        UNION
        SELECT v.id
        FROM part
        JOIN agentctl.definition_reference AS r ON r.version_id = part.id AND r.kind <> 'agent'
        JOIN agentctl.definition AS d ON d.kind = r.kind
            AND d.name = CASE r.kind WHEN 'model' THEN coalesce(agent_parts.model, r.name) ELSE r.name END
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    ), policy (id) AS (
        SELECT v.id
        FROM agentctl.setting AS s
        JOIN agentctl.definition AS d ON d.kind = 'policy' AND d.name = s.value
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE s.name = 'default_policy' AND EXISTS (SELECT FROM part)
    )
    SELECT e.epoch, v.kind, v.name, v.version, v.id, v.document
    FROM agentctl.definition_epoch AS e, agentctl.definition_version AS v
    WHERE v.id IN (SELECT part.id FROM part UNION SELECT policy.id FROM policy)
$$;
COMMENT ON FUNCTION agentctl.agent_parts(text, text) IS 'The agent in force under a name, the versions of all that it and its parts refer to, and the default policy, each once, with the epoch they were read at; with another model than its own, if one is given.';

-- The record of calls. Like tool_call and the rest, these tables carry no foreign keys.
CREATE TYPE agentctl.exit_reason AS ENUM ('ok', 'error', 'timeout', 'memory', 'output', 'denied', 'killed');

CREATE TABLE agentctl.function_call (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    function text COLLATE "C" NOT NULL,
    version_id bigint,
    version integer,
    language text COLLATE "C" NOT NULL CHECK (language IN ('python', 'sql', 'shell')),
    arguments text NOT NULL,
    caller text COLLATE "C" NOT NULL CHECK (caller IN ('turn', 'command', 'sql')),
    conversation_id text COLLATE "C",
    seq bigint,
    call_id text,
    request_id bigint,
    exit_reason agentctl.exit_reason NOT NULL,
    result text,
    error_type text,
    error_message text,
    traceback text,
    output text NOT NULL DEFAULT '',
    duration_ms double precision NOT NULL,
    cpu_ms double precision,
    peak_memory_bytes bigint,
    violations jsonb NOT NULL DEFAULT '[]',
    started_at timestamptz NOT NULL,
    called_by text NOT NULL DEFAULT agentctl.caller(),
    PRIMARY KEY (id, started_at)
) PARTITION BY RANGE (started_at);
CREATE INDEX function_call_by_function ON agentctl.function_call (function, started_at);
CREATE INDEX function_call_by_turn ON agentctl.function_call (conversation_id, seq) WHERE conversation_id IS NOT NULL;
CREATE INDEX function_call_by_request ON agentctl.function_call (request_id) WHERE request_id IS NOT NULL;
COMMENT ON TABLE agentctl.function_call IS 'Every call of a stored function, and of code that a model wrote. Partitioned by month.';
COMMENT ON COLUMN agentctl.function_call.id IS 'Identifies the call.';
COMMENT ON COLUMN agentctl.function_call.function IS 'Name of the function; for code that a model wrote, of the tool.';
COMMENT ON COLUMN agentctl.function_call.version_id IS 'Its version, an id in definition_version.';
COMMENT ON COLUMN agentctl.function_call.version IS 'The same, counted from 1.';
COMMENT ON COLUMN agentctl.function_call.language IS 'python, sql or shell.';
COMMENT ON COLUMN agentctl.function_call.arguments IS 'The arguments as JSON, or the code that a model wrote.';
COMMENT ON COLUMN agentctl.function_call.caller IS 'turn: an agent; command: agentctl; sql: call_function().';
COMMENT ON COLUMN agentctl.function_call.conversation_id IS 'The conversation, when an agent called.';
COMMENT ON COLUMN agentctl.function_call.seq IS 'The turn, when an agent called.';
COMMENT ON COLUMN agentctl.function_call.call_id IS 'The model''s name for the tool call that it was part of.';
COMMENT ON COLUMN agentctl.function_call.request_id IS 'What call_function() returned, when it was called by SQL.';
COMMENT ON COLUMN agentctl.function_call.exit_reason IS 'How it ended: ok, error, timeout, memory, output (too much of it), denied, killed.';
COMMENT ON COLUMN agentctl.function_call.result IS 'The result as JSON text.';
COMMENT ON COLUMN agentctl.function_call.error_type IS 'Class of the error.';
COMMENT ON COLUMN agentctl.function_call.error_message IS 'What went wrong.';
COMMENT ON COLUMN agentctl.function_call.traceback IS 'Where in the source it went wrong.';
COMMENT ON COLUMN agentctl.function_call.output IS 'What it printed, at most 64 KiB of it.';
COMMENT ON COLUMN agentctl.function_call.duration_ms IS 'Milliseconds it took.';
COMMENT ON COLUMN agentctl.function_call.cpu_ms IS 'Milliseconds of processor time.';
COMMENT ON COLUMN agentctl.function_call.peak_memory_bytes IS 'The most memory that was resident, in bytes.';
COMMENT ON COLUMN agentctl.function_call.violations IS 'What it tried and may not do: [{kind, source, detail}], at most 100.';
COMMENT ON COLUMN agentctl.function_call.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.function_call.called_by IS 'Database user who called, or whose worker did.';

CREATE TABLE agentctl.security_event (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    kind text COLLATE "C" NOT NULL CONSTRAINT security_event_kind
        CHECK (kind IN ('system_call', 'denied_import', 'write_outside', 'denied_path', 'denied_host', 'denied_statement', 'guardrail')),
    source text COLLATE "C" NOT NULL CHECK (source IN ('kernel', 'interpreter', 'service')),
    detail text NOT NULL,
    tool text COLLATE "C" CHECK (tool IS NOT NULL OR kind = 'guardrail'),
    conversation_id text COLLATE "C",
    seq bigint,
    call_id text,
    function_call_id uuid,
    guardrail text COLLATE "C" CHECK ((guardrail IS NOT NULL) = (kind = 'guardrail')),
    guardrail_version integer,
    place text COLLATE "C" CHECK (place IN ('input', 'output', 'tool_output')),
    action text COLLATE "C" CHECK (action IN ('block', 'redact', 'warn', 'ask')),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX security_event_by_time ON agentctl.security_event (at);
CREATE INDEX security_event_by_turn ON agentctl.security_event (conversation_id, seq) WHERE conversation_id IS NOT NULL;
COMMENT ON TABLE agentctl.security_event IS 'What was tried and refused, and what guardrails found, one row each, at most 100 a call. Partitioned by month.';
COMMENT ON COLUMN agentctl.security_event.id IS 'Identifies the event.';
COMMENT ON COLUMN agentctl.security_event.kind IS 'system_call, denied_import, write_outside, denied_path, denied_host, denied_statement or guardrail.';
COMMENT ON COLUMN agentctl.security_event.source IS 'Who saw it: the kernel, the interpreter that the code runs in (which hostile code can avoid), or the service.';
COMMENT ON COLUMN agentctl.security_event.detail IS 'The system call, module, path, host or statement; of a guardrail what it found, without the text that it found.';
COMMENT ON COLUMN agentctl.security_event.tool IS 'The function or tool; NULL when a guardrail looked at a message.';
COMMENT ON COLUMN agentctl.security_event.conversation_id IS 'The conversation, when an agent called.';
COMMENT ON COLUMN agentctl.security_event.seq IS 'The turn, when an agent called.';
COMMENT ON COLUMN agentctl.security_event.call_id IS 'The model''s name for the tool call.';
COMMENT ON COLUMN agentctl.security_event.function_call_id IS 'The function_call that it happened in, if it was one.';
COMMENT ON COLUMN agentctl.security_event.guardrail IS 'The guardrail that found something; NULL for other kinds.';
COMMENT ON COLUMN agentctl.security_event.guardrail_version IS 'Its version, counted from 1.';
COMMENT ON COLUMN agentctl.security_event.place IS 'Where it found it: input, output or tool_output.';
COMMENT ON COLUMN agentctl.security_event.action IS 'What was done: block, redact, warn or ask.';
COMMENT ON COLUMN agentctl.security_event.at IS 'When it was stored.';

-- Every table of the schema that is partitioned is partitioned by month: the list is the catalog's.
CREATE OR REPLACE FUNCTION agentctl.create_partitions(months_ahead integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD' AS $$
DECLARE
    parent text;
    month timestamptz;
    partition text;
    made integer := 0;
BEGIN
    IF months_ahead NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'partitions can be made for 0 to 120 months ahead' USING ERRCODE = 'AC001';
    END IF;
    FOR parent, month IN
        SELECT c.relname, date_trunc('month', now()) + make_interval(months => m)
        FROM pg_class AS c, generate_series(-1, months_ahead) AS m
        WHERE c.relnamespace = 'agentctl'::regnamespace AND c.relkind = 'p' AND NOT c.relispartition
        ORDER BY 1, 2
    LOOP
        partition := parent || to_char(month, '_YYYY_MM');
        CONTINUE WHEN to_regclass(format('agentctl.%I', partition)) IS NOT NULL;
        PERFORM pg_advisory_xact_lock(hashtextextended('agentctl.create_partitions', 0));
        CONTINUE WHEN to_regclass(format('agentctl.%I', partition)) IS NOT NULL;
        EXECUTE format('CREATE TABLE agentctl.%I (LIKE agentctl.%I INCLUDING ALL)', partition, parent);
        EXECUTE format('ALTER TABLE agentctl.%I ATTACH PARTITION agentctl.%I FOR VALUES FROM (%L) TO (%L)',
            parent, partition, month, month + interval '1 month');
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
SELECT agentctl.create_partitions();

CREATE FUNCTION agentctl.insert_function_calls(
    caller text, conversation text, seq bigint, request bigint, called_by text, records jsonb
) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    WITH given AS MATERIALIZED (
        SELECT gen_random_uuid() AS id, clock_timestamp() - make_interval(secs => coalesce(r.age_ms, r.duration_ms) / 1000) AS started_at,
               coalesce(jsonb_path_query_array(r.violations, '$[0 to 99]'), '[]') AS seen, r.*
        FROM jsonb_to_recordset(insert_function_calls.records) AS r (
            function text, version_id bigint, language text, arguments text, exit_reason agentctl.exit_reason, result text,
            error_type text, error_message text, traceback text, output text, duration_ms double precision, age_ms double precision,
            cpu_ms double precision, peak_memory_bytes bigint, violations jsonb, call_id text)
    ), called AS (
        INSERT INTO agentctl.function_call (
            id, function, version_id, version, language, arguments, caller, conversation_id, seq, call_id, request_id, exit_reason,
            result, error_type, error_message, traceback, output, duration_ms, cpu_ms, peak_memory_bytes, violations, started_at,
            called_by)
        SELECT g.id, g.function, g.version_id, v.version, g.language, left(g.arguments, 262144), insert_function_calls.caller,
               insert_function_calls.conversation, insert_function_calls.seq, g.call_id, insert_function_calls.request, g.exit_reason,
               left(g.result, 1048576), left(g.error_type, 256), left(g.error_message, 8192), left(g.traceback, 16384),
               left(coalesce(g.output, ''), 65536), g.duration_ms, g.cpu_ms, g.peak_memory_bytes, g.seen, g.started_at,
               insert_function_calls.called_by
        FROM given AS g LEFT JOIN agentctl.definition_version AS v ON v.id = g.version_id
        RETURNING 1
    ), seen AS (
        INSERT INTO agentctl.security_event (kind, source, detail, tool, conversation_id, seq, call_id, function_call_id)
        SELECT violation.value ->> 'kind', violation.value ->> 'source', left(coalesce(violation.value ->> 'detail', ''), 2000), g.function,
               insert_function_calls.conversation, insert_function_calls.seq, g.call_id, g.id
        FROM given AS g CROSS JOIN LATERAL jsonb_array_elements(g.seen) AS violation
    )
    SELECT count(*)::integer FROM called
$$;
COMMENT ON FUNCTION agentctl.insert_function_calls(text, text, bigint, bigint, text, jsonb) IS 'Stores calls and what they tried. Internal: record_function_calls() and finish_function_call() call it.';

CREATE FUNCTION agentctl.record_function_calls(conversation text, seq bigint, records jsonb) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.insert_function_calls(
        CASE WHEN record_function_calls.conversation IS NULL THEN 'command' ELSE 'turn' END,
        record_function_calls.conversation, record_function_calls.seq, NULL, agentctl.caller(), record_function_calls.records)
$$;
COMMENT ON FUNCTION agentctl.record_function_calls(text, bigint, jsonb) IS 'Stores calls of functions, a list of {function, version_id, language, arguments, exit_reason, result, error_type, error_message, traceback, output, duration_ms, age_ms, cpu_ms, peak_memory_bytes, violations, call_id}, and a security event for each of their violations. Without a conversation they are a command''s.';

CREATE FUNCTION agentctl.record_security_events(conversation text, seq bigint, records jsonb) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    WITH seen AS (
        INSERT INTO agentctl.security_event (
            kind, source, detail, tool, conversation_id, seq, call_id, guardrail, guardrail_version, place, action)
        SELECT given.kind, 'service', left(given.detail, 2000), given.tool, record_security_events.conversation,
               record_security_events.seq, given.call_id, given.guardrail, given.guardrail_version, given.place, given.action
        FROM (
            SELECT r.*, row_number() OVER (PARTITION BY r.call_id) AS number
            FROM jsonb_to_recordset(record_security_events.records) AS r (
                kind text, detail text, tool text, call_id text, guardrail text, guardrail_version integer, place text, action text)
        ) AS given
        WHERE given.number <= 100
        RETURNING 1
    )
    SELECT count(*)::integer FROM seen
$$;
COMMENT ON FUNCTION agentctl.record_security_events(text, bigint, jsonb) IS 'Stores what was refused outside of the sandbox, and what guardrails found: a list of {kind, detail, tool, call_id, guardrail, guardrail_version, place, action}.';

CREATE VIEW agentctl.function_metrics AS
SELECT c.function,
       c.version,
       c.language,
       count(*) AS calls,
       count(*) FILTER (WHERE c.exit_reason = 'ok') AS ok,
       count(*) FILTER (WHERE c.exit_reason = 'error') AS error,
       count(*) FILTER (WHERE c.exit_reason = 'timeout') AS timeout,
       count(*) FILTER (WHERE c.exit_reason = 'memory') AS memory,
       count(*) FILTER (WHERE c.exit_reason = 'output') AS output,
       count(*) FILTER (WHERE c.exit_reason = 'denied') AS denied,
       count(*) FILTER (WHERE c.exit_reason = 'killed') AS killed,
       round(count(*) FILTER (WHERE c.exit_reason = 'ok') / count(*)::numeric, 4) AS success_rate,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY c.duration_ms) AS p50_ms,
       percentile_cont(0.95) WITHIN GROUP (ORDER BY c.duration_ms) AS p95_ms,
       percentile_cont(0.99) WITHIN GROUP (ORDER BY c.duration_ms) AS p99_ms,
       avg(c.cpu_ms) AS mean_cpu_ms,
       max(c.peak_memory_bytes) AS peak_memory_bytes,
       sum(jsonb_array_length(c.violations))::bigint AS violations,
       min(c.started_at) AS first_at,
       max(c.started_at) AS last_at
FROM agentctl.function_call AS c
GROUP BY c.function, c.version, c.language;
COMMENT ON VIEW agentctl.function_metrics IS 'Calls of stored functions, and of code that models wrote, by function and version.';
COMMENT ON COLUMN agentctl.function_metrics.function IS 'Name of the function; for code that a model wrote, of the tool.';
COMMENT ON COLUMN agentctl.function_metrics.version IS 'Its version.';
COMMENT ON COLUMN agentctl.function_metrics.language IS 'python, sql or shell.';
COMMENT ON COLUMN agentctl.function_metrics.calls IS 'Calls.';
COMMENT ON COLUMN agentctl.function_metrics.ok IS 'Calls that returned a result.';
COMMENT ON COLUMN agentctl.function_metrics.error IS 'Calls that ended with an error of their own.';
COMMENT ON COLUMN agentctl.function_metrics.timeout IS 'Calls that took too long.';
COMMENT ON COLUMN agentctl.function_metrics.memory IS 'Calls that needed more memory than they may have.';
COMMENT ON COLUMN agentctl.function_metrics.output IS 'Calls that printed or returned more than they may.';
COMMENT ON COLUMN agentctl.function_metrics.denied IS 'Calls that were refused something, and failed.';
COMMENT ON COLUMN agentctl.function_metrics.killed IS 'Calls that ended without an answer, or whose worker was lost.';
COMMENT ON COLUMN agentctl.function_metrics.success_rate IS 'ok / calls, 0 to 1.';
COMMENT ON COLUMN agentctl.function_metrics.p50_ms IS 'Median duration in ms.';
COMMENT ON COLUMN agentctl.function_metrics.p95_ms IS '95th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.function_metrics.p99_ms IS '99th percentile of the duration in ms.';
COMMENT ON COLUMN agentctl.function_metrics.mean_cpu_ms IS 'Mean processor time in ms.';
COMMENT ON COLUMN agentctl.function_metrics.peak_memory_bytes IS 'The most memory that one of the calls had resident, in bytes.';
COMMENT ON COLUMN agentctl.function_metrics.violations IS 'Things that the calls tried and may not do.';
COMMENT ON COLUMN agentctl.function_metrics.first_at IS 'When the first call began.';
COMMENT ON COLUMN agentctl.function_metrics.last_at IS 'When the last call began.';

CREATE VIEW agentctl.security_events AS
SELECT e.at, e.kind, e.source, e.detail, e.tool, e.conversation_id, e.seq, e.call_id, e.function_call_id, e.id, e.guardrail,
       e.guardrail_version, e.place, e.action
FROM agentctl.security_event AS e;
COMMENT ON VIEW agentctl.security_events IS 'What was tried and refused, by the kernel, the interpreter or the service, and what guardrails found.';
COMMENT ON COLUMN agentctl.security_events.at IS 'When it was stored.';
COMMENT ON COLUMN agentctl.security_events.kind IS 'system_call, denied_import, write_outside, denied_path, denied_host, denied_statement or guardrail.';
COMMENT ON COLUMN agentctl.security_events.source IS 'Who saw it: kernel, interpreter (which hostile code can avoid) or service.';
COMMENT ON COLUMN agentctl.security_events.detail IS 'The system call, module, path, host or statement; of a guardrail what it found, without the text that it found.';
COMMENT ON COLUMN agentctl.security_events.tool IS 'The function or tool; NULL when a guardrail looked at a message.';
COMMENT ON COLUMN agentctl.security_events.conversation_id IS 'The conversation, when an agent called.';
COMMENT ON COLUMN agentctl.security_events.seq IS 'The turn, when an agent called.';
COMMENT ON COLUMN agentctl.security_events.call_id IS 'The model''s name for the tool call.';
COMMENT ON COLUMN agentctl.security_events.function_call_id IS 'The call of a function that it happened in, if it was one.';
COMMENT ON COLUMN agentctl.security_events.id IS 'Identifies the event.';
COMMENT ON COLUMN agentctl.security_events.guardrail IS 'The guardrail that found something; NULL for other kinds.';
COMMENT ON COLUMN agentctl.security_events.guardrail_version IS 'Its version, counted from 1.';
COMMENT ON COLUMN agentctl.security_events.place IS 'Where it found it: input, output or tool_output.';
COMMENT ON COLUMN agentctl.security_events.action IS 'What was done: block, redact, warn or ask.';

-- Calls from SQL: what was asked for stays, the narrow row that workers claim goes with the result.
CREATE TABLE agentctl.function_request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    function text COLLATE "C" NOT NULL,
    arguments jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL DEFAULT agentctl.caller()
);
COMMENT ON TABLE agentctl.function_request IS 'Calls that call_function() queued.';
COMMENT ON COLUMN agentctl.function_request.id IS 'Identifies the call.';
COMMENT ON COLUMN agentctl.function_request.function IS 'Name of the function.';
COMMENT ON COLUMN agentctl.function_request.arguments IS 'Its arguments.';
COMMENT ON COLUMN agentctl.function_request.created_at IS 'When it was queued.';
COMMENT ON COLUMN agentctl.function_request.created_by IS 'Database user who called; only that user may see the result.';

CREATE TABLE agentctl.function_queue (
    id bigint PRIMARY KEY REFERENCES agentctl.function_request ON DELETE CASCADE,
    ready_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempt smallint NOT NULL DEFAULT 0,
    version_id bigint,
    effect agentctl.tool_effect,
    lease uuid,
    worker_id bigint,
    CHECK ((lease IS NULL) = (worker_id IS NULL))
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX function_queue_ready ON agentctl.function_queue (ready_at, id) WHERE lease IS NULL;
CREATE INDEX function_queue_running ON agentctl.function_queue (worker_id) WHERE lease IS NOT NULL;
COMMENT ON TABLE agentctl.function_queue IS 'Queued calls that have no result yet.';
COMMENT ON COLUMN agentctl.function_queue.id IS 'The call, a row of function_request.';
COMMENT ON COLUMN agentctl.function_queue.ready_at IS 'Since when it may be claimed.';
COMMENT ON COLUMN agentctl.function_queue.attempt IS 'Times it was claimed.';
COMMENT ON COLUMN agentctl.function_queue.version_id IS 'The version that was in force at the last claim.';
COMMENT ON COLUMN agentctl.function_queue.effect IS 'What running that version twice would do.';
COMMENT ON COLUMN agentctl.function_queue.lease IS 'Random, new with each claim; NULL while nobody runs it.';
COMMENT ON COLUMN agentctl.function_queue.worker_id IS 'The worker that runs it.';

CREATE FUNCTION agentctl.call_function(name text, arguments jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    accepted bigint;
    largest integer := agentctl.setting('max_message_bytes')::integer;
BEGIN
    IF NOT EXISTS (SELECT FROM definition AS d
                   WHERE d.kind = 'function' AND d.name = call_function.name AND d.current_version IS NOT NULL) THEN
        RAISE EXCEPTION 'there is no function "%"', call_function.name USING ERRCODE = 'AC002',
            HINT = coalesce('Did you mean ' || agentctl.nearest(call_function.name,
                ARRAY(SELECT d.name FROM definition AS d WHERE d.kind = 'function' AND d.current_version IS NOT NULL)) || '?',
                'See agentctl.functions.');
    END IF;
    IF jsonb_typeof(call_function.arguments) IS DISTINCT FROM 'object' THEN
        RAISE EXCEPTION 'the arguments of a function are an object' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(call_function.arguments::text) > largest THEN
        RAISE EXCEPTION 'the arguments have more than % bytes', largest
            USING ERRCODE = 'AC003', HINT = 'Setting max_message_bytes in agentctl.setting.';
    END IF;
    -- What a worker could not read would only fail later.
    IF call_function.arguments @? 'strict $.**{64}' THEN
        RAISE EXCEPTION 'the arguments nest deeper than 63 levels' USING ERRCODE = 'AC001';
    END IF;
    IF call_function.arguments @? 'strict $.** ? (@.type() == "number" && (@ > 1.7e308 || @ < -1.7e308))' THEN
        RAISE EXCEPTION 'the arguments hold a number beyond the range of double precision' USING ERRCODE = 'AC001';
    END IF;
    INSERT INTO function_request (function, arguments) VALUES (call_function.name, call_function.arguments) RETURNING id INTO accepted;
    INSERT INTO function_queue (id) VALUES (accepted);
    RETURN accepted;
END $$;
COMMENT ON FUNCTION agentctl.call_function(text, jsonb) IS 'Queues a call of a stored function and returns its number; works inside the caller''s transaction. function_result() tells what came of it.';

CREATE FUNCTION agentctl.function_result(call bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked record;
    ended record;
BEGIN
    SELECT r.function, r.created_at INTO asked FROM function_request AS r
    WHERE r.id = function_result.call AND (r.created_by = agentctl.caller() OR agentctl.may_see_all());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no call %', function_result.call USING ERRCODE = 'AC002';
    END IF;
    SELECT c.exit_reason, c.result, c.error_type, c.error_message INTO ended FROM function_call AS c
    WHERE c.request_id = function_result.call AND c.started_at >= asked.created_at - interval '1 day';
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF ended.exit_reason <> 'ok' THEN
        RAISE EXCEPTION 'call % of function "%" failed: %', function_result.call, asked.function,
            coalesce(ended.error_message, ended.error_type, ended.exit_reason::text)
            USING ERRCODE = 'AC005', DETAIL = format('exit reason %s, class %s', ended.exit_reason, coalesce(ended.error_type, 'none'));
    END IF;
    RETURN ended.result::jsonb;
END $$;
COMMENT ON FUNCTION agentctl.function_result(bigint) IS 'The result of a call that call_function() queued; NULL while there is none. Fails with AC005 when the call failed.';

CREATE FUNCTION agentctl.claim_function_calls(worker bigint, maximum integer)
RETURNS TABLE (call bigint, lease uuid, attempt integer, function text, version_id bigint, arguments jsonb, called_by text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    claimed bigint[];
BEGIN
    IF claim_function_calls.maximum < 1
        OR NOT EXISTS (SELECT FROM worker AS w WHERE w.id = claim_function_calls.worker AND w.state IN ('active', 'draining')) THEN
        RETURN;
    END IF;
    claimed := ARRAY(
        SELECT q.id FROM function_queue AS q WHERE q.lease IS NULL
        ORDER BY q.ready_at, q.id LIMIT claim_function_calls.maximum
        FOR NO KEY UPDATE SKIP LOCKED);
    IF cardinality(claimed) = 0 THEN
        RETURN;
    END IF;
    UPDATE function_queue AS q
    SET lease = gen_random_uuid(), worker_id = claim_function_calls.worker, attempt = least(q.attempt, 32766) + 1,
        (version_id, effect) = (
            SELECT v.id, (v.document ->> 'effect')::tool_effect
            FROM function_request AS r
            JOIN definition AS d ON d.kind = 'function' AND d.name = r.function
            JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
            WHERE r.id = q.id)
    WHERE q.id = ANY (claimed);
    RETURN QUERY
    SELECT q.id, q.lease, q.attempt::integer, r.function, q.version_id, r.arguments, r.created_by
    FROM function_queue AS q JOIN function_request AS r ON r.id = q.id
    WHERE q.id = ANY (claimed)
    ORDER BY q.ready_at, q.id;
END $$;
COMMENT ON FUNCTION agentctl.claim_function_calls(bigint, integer) IS 'Takes up to maximum queued calls for a worker, each with the version in force (NULL when the function was taken out of force since).';

CREATE FUNCTION agentctl.hold_function_call(call bigint, lease uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    PERFORM FROM function_queue AS q WHERE q.id = hold_function_call.call AND q.lease = hold_function_call.lease FOR UPDATE;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.hold_function_call(bigint, uuid) IS 'Locks a claimed call to the end of the transaction; false when the lease was taken away. For calls that write in the transaction that finishes them.';

CREATE FUNCTION agentctl.finish_function_call(call bigint, lease uuid, record jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    asked_by text;
BEGIN
    DELETE FROM function_queue AS q WHERE q.id = finish_function_call.call AND q.lease = finish_function_call.lease;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT r.created_by INTO asked_by FROM function_request AS r WHERE r.id = finish_function_call.call;
    PERFORM agentctl.insert_function_calls('sql', NULL, NULL, finish_function_call.call, asked_by,
        jsonb_build_array(finish_function_call.record));
    RETURN true;
END $$;
COMMENT ON FUNCTION agentctl.finish_function_call(bigint, uuid, jsonb) IS 'Ends a queued call in one commit, if the lease still holds. record: what record_function_calls() takes one of.';

CREATE FUNCTION agentctl.release_function_call(call bigint, lease uuid, counts boolean DEFAULT false) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    UPDATE function_queue AS q
    SET lease = NULL, worker_id = NULL, ready_at = clock_timestamp(),
        attempt = q.attempt - CASE WHEN release_function_call.counts THEN 0 ELSE 1 END
    WHERE q.id = release_function_call.call AND q.lease = release_function_call.lease;
    RETURN FOUND;
END $$;
COMMENT ON FUNCTION agentctl.release_function_call(bigint, uuid, boolean) IS 'Gives a claimed call back, as if it had not been claimed; with counts, the claim stays one of the max_attempts.';

CREATE FUNCTION agentctl.reap_function_calls(maximum integer DEFAULT 1000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    orphaned bigint[];
    doubtful record;
BEGIN
    orphaned := ARRAY(
        SELECT q.id FROM function_queue AS q
        WHERE q.lease IS NOT NULL
          AND NOT EXISTS (SELECT FROM worker AS w WHERE w.id = q.worker_id AND w.state IN ('active', 'draining'))
        ORDER BY q.id LIMIT reap_function_calls.maximum
        FOR NO KEY UPDATE SKIP LOCKED);
    IF cardinality(orphaned) = 0 THEN
        RETURN 0;
    END IF;
    -- What may have taken effect is not run again: whoever called has to look.
    FOR doubtful IN
        DELETE FROM function_queue AS q USING function_request AS r
        WHERE q.id = ANY (orphaned) AND q.effect = 'unsafe' AND r.id = q.id
        RETURNING q.id, q.version_id, r.function, r.arguments, r.created_by
    LOOP
        PERFORM agentctl.insert_function_calls('sql', NULL, NULL, doubtful.id, doubtful.created_by, jsonb_build_array(jsonb_build_object(
            'function', doubtful.function, 'version_id', doubtful.version_id, 'language', 'python', 'arguments', doubtful.arguments::text,
            'exit_reason', 'killed', 'error_type', 'in_doubt', 'duration_ms', 0,
            'error_message', 'the worker was lost while it ran: whether it took effect is not known, and it is not run again')));
    END LOOP;
    UPDATE function_queue AS q SET lease = NULL, worker_id = NULL, ready_at = clock_timestamp() WHERE q.id = ANY (orphaned);
    RETURN cardinality(orphaned);
END $$;
COMMENT ON FUNCTION agentctl.reap_function_calls(integer) IS 'Makes the queued calls of workers that are gone ready again, or marks them in doubt when their effect is unsafe; returns how many. After reap().';

-- SQL that models or authors write is run by functions that the role agentctl_query owns: inside of one PostgreSQL
-- refuses SET ROLE and SET SESSION AUTHORIZATION, however they are reached, so the text acts as that role and as
-- nobody else. The role has no rights but those of PUBLIC and those that an administrator grants it.
CREATE SCHEMA agentctl_sql;
REVOKE ALL ON SCHEMA agentctl_sql FROM PUBLIC;
COMMENT ON SCHEMA agentctl_sql IS 'Functions that run SQL of others, as the role agentctl_query.';

CREATE FUNCTION agentctl_sql.guard() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user <> 'agentctl_query'
        OR (SELECT r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolbypassrls OR r.rolreplication
                OR pg_has_role(r.oid, n.nspowner, 'MEMBER')
            FROM pg_roles AS r, pg_namespace AS n WHERE r.rolname = current_user AND n.nspname = 'agentctl') THEN
        RAISE EXCEPTION 'SQL functions cannot be run: the role agentctl_query is not set up, or has more rights than it should' USING ERRCODE = 'AC003',
            HINT = 'An administrator runs: CREATE ROLE agentctl_query NOLOGIN; and then: SELECT agentctl.grant_roles();';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl_sql.guard() IS 'Fails with AC003 unless it runs as agentctl_query, and that role is harmless.';

-- Names without a schema are looked for in public, as the statements are written by people who mean their own tables.
CREATE FUNCTION agentctl_sql.run(
    statement text, arguments jsonb, maximum_rows integer, maximum_bytes integer, read_only boolean DEFAULT true
) RETURNS TABLE (rows text, row_count integer, has_more boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    answer refcursor;
    found_row record;
    piece text;
    pieces text[] := '{}';
    bytes bigint := 2;
    kept jsonb;
    setting record;
BEGIN
    PERFORM agentctl_sql.guard();
    SELECT pg_catalog.jsonb_object_agg(name, pg_catalog.current_setting(name)) INTO kept
    FROM pg_catalog.unnest('{DateStyle,TimeZone,client_encoding,application_name}'::text[]) AS name;
    row_count := 0;
    has_more := false;
    BEGIN
        IF read_only THEN
            PERFORM pg_catalog.set_config('transaction_read_only', 'on', true);
        END IF;
        -- A cursor takes one statement that returns rows, and neither two nor a command.
        BEGIN
            OPEN answer FOR EXECUTE statement USING arguments;
        EXCEPTION WHEN invalid_cursor_definition THEN
            IF read_only THEN
                RAISE;
            END IF;
            OPEN answer FOR EXECUTE 'WITH statement AS (' || statement || E'\n) SELECT WHERE false' USING arguments;
        END;
        LOOP
            FETCH answer INTO found_row;
            EXIT WHEN NOT FOUND;
            has_more := row_count >= maximum_rows;
            EXIT WHEN has_more;
            piece := pg_catalog.row_to_json(found_row)::text;
            bytes := bytes + octet_length(piece) + 1;
            has_more := bytes > maximum_bytes;
            EXIT WHEN has_more;
            pieces := pieces || piece;
            row_count := row_count + 1;
        END LOOP;
        CLOSE answer;
        -- Undoes what a statement can do that only reads: settings of the session, large objects, notifications.
        IF read_only THEN
            RAISE EXCEPTION SQLSTATE 'AC0RB';
        END IF;
        -- Settings of the session would outlive the statement; those that the client may have made itself stay.
        RESET ALL;
        FOR setting IN SELECT * FROM pg_catalog.jsonb_each_text(kept)
                       WHERE value IS DISTINCT FROM pg_catalog.current_setting(key) LOOP
            PERFORM pg_catalog.set_config(setting.key, setting.value, false);
        END LOOP;
    EXCEPTION
        WHEN SQLSTATE 'AC0RB' THEN
            NULL;
        WHEN query_canceled OR assert_failure OR OTHERS THEN
            PERFORM pg_catalog.pg_advisory_unlock_all();
            RAISE;
    END;
    PERFORM pg_catalog.pg_advisory_unlock_all();
    rows := '[' || array_to_string(pieces, ',') || ']';
    RETURN NEXT;
END $$;
COMMENT ON FUNCTION agentctl_sql.run(text, jsonb, integer, integer, boolean) IS 'Runs one statement as agentctl_query, with the arguments as $1, and returns its rows as a JSON list, as many as the limits allow. Reading only is the default, and leaves nothing behind.';

CREATE FUNCTION agentctl_sql.examine(statement text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    answer refcursor;
BEGIN
    PERFORM agentctl_sql.guard();
    BEGIN
        OPEN answer FOR EXECUTE statement USING NULL::jsonb;
    EXCEPTION WHEN invalid_cursor_definition THEN
        OPEN answer FOR EXECUTE 'WITH statement AS (' || statement || E'\n) SELECT WHERE false' USING NULL::jsonb;
    END;
    CLOSE answer;
END $$;
COMMENT ON FUNCTION agentctl_sql.examine(text) IS 'Plans a statement as run() would, without running it; fails as it would.';

-- Roles and their grants, as rows: a later migration adds rows and calls grant_roles().
CREATE TABLE agentctl.role_grant (
    role text COLLATE "C" NOT NULL CHECK (role ~ '^agentctl_[a-z_]+$'),
    object_type text COLLATE "C" NOT NULL CHECK (object_type IN ('schema', 'table', 'function')),
    object text COLLATE "C" NOT NULL CHECK (object ~ '^agentctl(_sql)?([.].+)?$'),
    privileges text CHECK (privileges IN ('ALL', 'USAGE', 'SELECT', 'EXECUTE')),
    PRIMARY KEY (role, object_type, object)
);
COMMENT ON TABLE agentctl.role_grant IS 'What each role may do. A row for one object says all of it; a row for every object of a schema (schema.*) holds for those without a row of their own.';
COMMENT ON COLUMN agentctl.role_grant.role IS 'The role.';
COMMENT ON COLUMN agentctl.role_grant.object_type IS 'schema, table (or view) or function.';
COMMENT ON COLUMN agentctl.role_grant.object IS 'The object: agentctl, agentctl.agents, agentctl.setting(text), or agentctl.* for all.';
COMMENT ON COLUMN agentctl.role_grant.privileges IS 'ALL, USAGE, SELECT or EXECUTE; NULL for nothing.';

INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES
    ('agentctl_owner', 'schema', 'agentctl', 'ALL'),
    ('agentctl_owner', 'table', 'agentctl.*', 'ALL'),
    ('agentctl_owner', 'table', 'agentctl.role_grant', 'SELECT'),
    ('agentctl_owner', 'function', 'agentctl.*', 'EXECUTE'),
    ('agentctl_owner', 'schema', 'agentctl_sql', 'USAGE'),
    ('agentctl_owner', 'function', 'agentctl_sql.*', 'EXECUTE'),

    ('agentctl_worker', 'schema', 'agentctl', 'USAGE'),
    ('agentctl_worker', 'table', 'agentctl.*', 'SELECT'),
    ('agentctl_worker', 'function', 'agentctl.*', 'EXECUTE'),
    ('agentctl_worker', 'function', 'agentctl.register(jsonb)', NULL),
    ('agentctl_worker', 'function', 'agentctl.publish(text, integer, text)', NULL),
    ('agentctl_worker', 'function', 'agentctl.rollback(text, integer, text)', NULL),
    ('agentctl_worker', 'function', 'agentctl.unregister(text, text)', NULL),
    ('agentctl_worker', 'function', 'agentctl.grant_roles()', NULL),
    ('agentctl_worker', 'function', 'agentctl.register_row()', NULL),
    ('agentctl_worker', 'function', 'agentctl.definition_changed()', NULL),
    ('agentctl_worker', 'function', 'agentctl.definition_keeps_references()', NULL),
    ('agentctl_worker', 'function', 'agentctl.definition_version_is_immutable()', NULL),
    ('agentctl_worker', 'function', 'agentctl.insert_function_calls(text, text, bigint, bigint, text, jsonb)', NULL),
    ('agentctl_worker', 'schema', 'agentctl_sql', 'USAGE'),
    ('agentctl_worker', 'function', 'agentctl_sql.run(text, jsonb, integer, integer, boolean)', 'EXECUTE'),
    ('agentctl_worker', 'function', 'agentctl_sql.examine(text)', 'EXECUTE'),

    ('agentctl_client', 'schema', 'agentctl', 'USAGE'),
    ('agentctl_client', 'function', 'agentctl.submit(text, text, text, text, integer, jsonb)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.reply(text, bigint)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.follow(text, bigint, bigint, integer, integer)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.call_function(text, jsonb)', 'EXECUTE'),
    ('agentctl_client', 'function', 'agentctl.function_result(bigint)', 'EXECUTE'),

    ('agentctl_reader', 'schema', 'agentctl', 'USAGE'),
    ('agentctl_reader', 'table', 'agentctl.agents', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.models', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.tools', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.functions', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.agent_metrics', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.tool_metrics', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.model_metrics', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.function_metrics', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.security_events', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.error_patterns', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.turn_trace', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.conversation_history', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.conversations', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.pending_approvals', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.worker_status', 'SELECT'),
    ('agentctl_reader', 'table', 'agentctl.setting', 'SELECT'),
    ('agentctl_reader', 'function', 'agentctl.setting(text)', 'EXECUTE');

CREATE OR REPLACE FUNCTION agentctl.grant_roles() RETURNS text[]
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
DECLARE
    role text;
    missing text[] := '{}';
    allowed record;
    object text;
BEGIN
    FOR role IN SELECT DISTINCT g.role FROM role_grant AS g UNION SELECT 'agentctl_query' ORDER BY 1 LOOP
        IF to_regrole(role) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this server made it just now
                WHEN insufficient_privilege THEN missing := missing || role;
            END;
        END IF;
    END LOOP;

    FOR allowed IN
        SELECT g.*, g.object LIKE '%.*' AS is_whole_schema, split_part(g.object, '.', 1) AS schema FROM role_grant AS g
        WHERE to_regrole(g.role) IS NOT NULL
        ORDER BY g.object NOT LIKE '%.*', g.role, g.object_type, g.object
    LOOP
        object := CASE
            WHEN allowed.is_whole_schema THEN format('ALL %sS IN SCHEMA %I', upper(allowed.object_type), allowed.schema)
            WHEN allowed.object_type = 'schema' THEN format('SCHEMA %s', allowed.object::regnamespace)
            WHEN allowed.object_type = 'table' THEN format('TABLE %s', allowed.object::regclass)
            ELSE format('FUNCTION %s', allowed.object::regprocedure) END;
        IF NOT allowed.is_whole_schema THEN
            EXECUTE format('REVOKE ALL ON %s FROM %I', object, allowed.role);
        END IF;
        IF allowed.privileges IS NOT NULL THEN
            EXECUTE format('GRANT %s ON %s TO %I', allowed.privileges, object, allowed.role);
        END IF;
    END LOOP;

    IF to_regrole('agentctl_query') IS NOT NULL THEN
        BEGIN
            PERFORM agentctl.give_to_query_role();
        EXCEPTION WHEN insufficient_privilege THEN
            missing := missing || 'agentctl_query'::text;
        END;
    END IF;
    RETURN missing;
END $$;
COMMENT ON FUNCTION agentctl.grant_roles() IS 'Makes the roles agentctl_owner, agentctl_worker, agentctl_client, agentctl_reader and agentctl_query where it may, and grants them what stands in role_grant; returns the roles that an administrator has to make. Safe to run again.';

CREATE FUNCTION agentctl.give_to_query_role() RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
DECLARE
    function regprocedure;
    owner regrole := (SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = 'agentctl');
BEGIN
    IF NOT EXISTS (SELECT FROM pg_proc AS p
                   WHERE p.pronamespace = 'agentctl_sql'::regnamespace AND p.proowner <> 'agentctl_query'::regrole) THEN
        RETURN;
    END IF;
    -- Whoever owns the schema goes on owning what is in it, by being a member.
    IF NOT pg_has_role(owner, 'agentctl_query', 'MEMBER') THEN
        EXECUTE format('GRANT agentctl_query TO %s', owner);
    END IF;
    -- Who takes a function over needs CREATE on its schema, for that moment.
    GRANT USAGE, CREATE ON SCHEMA agentctl_sql TO agentctl_query;
    FOR function IN SELECT p.oid FROM pg_proc AS p
                    WHERE p.pronamespace = 'agentctl_sql'::regnamespace AND p.proowner <> 'agentctl_query'::regrole LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO agentctl_query', function);
    END LOOP;
    REVOKE CREATE ON SCHEMA agentctl_sql FROM agentctl_query;
END $$;
COMMENT ON FUNCTION agentctl.give_to_query_role() IS 'Makes agentctl_query the owner of the functions in agentctl_sql. Internal: grant_roles() calls it.';

REVOKE ALL ON ALL TABLES IN SCHEMA agentctl FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA agentctl FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA agentctl_sql FROM PUBLIC;
INSERT INTO agentctl.role_grant (role, object_type, object, privileges) VALUES
    ('agentctl_worker', 'function', 'agentctl.give_to_query_role()', NULL);
SELECT agentctl.grant_roles();
