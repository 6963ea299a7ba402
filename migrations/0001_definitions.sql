-- Definitions: agents, models and tools as versioned rows.
--
-- A definition is a document (jsonb). What a document may hold is itself data: agentctl.document_field has one row
-- a field, and register() holds every document to it, whoever calls: the command line, psql, another application.
-- A version is immutable and complete (defaults are filled in when it is stored), so that what ran can always be read.

-- Who acts: the role that was set, or else the user who logged in. A pool that logs in as one user and sets a role for
-- each request acts as that role, and whoever sets a lesser role acts with no more than that role may. A function that
-- runs as its owner cannot ask current_user, which is the owner.
CREATE FUNCTION agentctl.caller() RETURNS name
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT coalesce(nullif(current_setting('role'), 'none')::name, session_user)
$$;
COMMENT ON FUNCTION agentctl.caller() IS 'The role that acts: the one set by SET ROLE, or else the user of the session.';

CREATE TABLE agentctl.setting (
    name text PRIMARY KEY,
    value text NOT NULL CHECK (octet_length(value) <= 8192),
    description text NOT NULL
);
COMMENT ON TABLE agentctl.setting IS 'Settings of this installation, one row each.';
COMMENT ON COLUMN agentctl.setting.name IS 'Name of the setting.';
COMMENT ON COLUMN agentctl.setting.value IS 'Its value, as text.';
COMMENT ON COLUMN agentctl.setting.description IS 'What it does, with its unit.';

INSERT INTO agentctl.setting (name, value, description) VALUES
    ('default_agent', 'assistant', 'The agent of a conversation that was started without naming one.'),
    ('worker_ttl', '10', 'Seconds without a heartbeat after which a worker counts as lost.'),
    ('max_attempts', '5', 'Times a submission may be claimed without being finished before it is failed.'),
    ('max_message_bytes', '1048576', 'Largest message or input that submit() takes, in bytes.');

CREATE TABLE agentctl.definition_kind (
    kind text COLLATE "C" PRIMARY KEY,
    description text NOT NULL
);
COMMENT ON TABLE agentctl.definition_kind IS 'The kinds of documents that can be registered.';
COMMENT ON COLUMN agentctl.definition_kind.kind IS 'The word that stands in a document as kind.';
COMMENT ON COLUMN agentctl.definition_kind.description IS 'What a definition of this kind is.';

INSERT INTO agentctl.definition_kind (kind, description) VALUES
    ('model', 'A language model behind an API, or the offline rules provider.'),
    ('tool', 'Something an agent can call: a row that names an implementation.'),
    ('agent', 'A system prompt, a model, tools and limits.');

CREATE TABLE agentctl.document_field (
    kind text COLLATE "C" NOT NULL REFERENCES agentctl.definition_kind,
    path text COLLATE "C" NOT NULL,
    position smallint GENERATED ALWAYS AS IDENTITY,
    type text NOT NULL CHECK (type IN ('string', 'integer', 'number', 'boolean', 'object', 'array', 'schema', 'map', 'any')),
    required boolean NOT NULL DEFAULT false,
    default_value jsonb,
    allowed text[],
    pattern text,
    minimum numeric,
    maximum numeric,
    reference_kind text COLLATE "C" REFERENCES agentctl.definition_kind,
    description text NOT NULL,
    PRIMARY KEY (kind, path)
);
COMMENT ON TABLE agentctl.document_field IS 'What a document of each kind may hold: one row a field. Nested fields are written prices.input, elements of a list rules[].';
COMMENT ON COLUMN agentctl.document_field.kind IS 'Kind of document.';
COMMENT ON COLUMN agentctl.document_field.path IS 'Where the field stands in the document.';
COMMENT ON COLUMN agentctl.document_field.position IS 'Order in which fields are shown.';
COMMENT ON COLUMN agentctl.document_field.type IS 'JSON type; schema is a JSON Schema, map an object with free keys, any is not looked into.';
COMMENT ON COLUMN agentctl.document_field.required IS 'Whether the object that holds the field must have it.';
COMMENT ON COLUMN agentctl.document_field.default_value IS 'Filled in when a document is stored without the field (top level only).';
COMMENT ON COLUMN agentctl.document_field.allowed IS 'The values that a string may have.';
COMMENT ON COLUMN agentctl.document_field.pattern IS 'Regular expression that a string must match.';
COMMENT ON COLUMN agentctl.document_field.minimum IS 'Least value of a number, least length of a string (bytes) or list (elements).';
COMMENT ON COLUMN agentctl.document_field.maximum IS 'Greatest value of a number, greatest length of a string (bytes) or list (elements).';
COMMENT ON COLUMN agentctl.document_field.reference_kind IS 'The string is the name of a definition of this kind, which must exist.';
COMMENT ON COLUMN agentctl.document_field.description IS 'What the field means, with its unit.';

INSERT INTO agentctl.document_field
    (kind, path, type, required, default_value, allowed, pattern, minimum, maximum, reference_kind, description) VALUES
    ('model', 'kind', 'string', true, NULL, '{model}', NULL, NULL, NULL, NULL, 'model'),
    ('model', 'name', 'string', true, NULL, NULL, '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$', 1, 64, NULL, 'Name that agents refer to.'),
    ('model', 'description', 'string', false, NULL, NULL, NULL, NULL, 8192, NULL, 'What the model is for.'),
    ('model', 'provider', 'string', true, NULL, '{openai,rules}', NULL, NULL, NULL, NULL, 'Protocol that the model is spoken to in.'),
    ('model', 'base_url', 'string', false, NULL, NULL, '^https?://[^[:space:][:cntrl:]@]+$', NULL, 2048, NULL, 'Address of the API, up to and with the version (https://host/v1).'),
    ('model', 'model', 'string', false, NULL, NULL, NULL, 1, 256, NULL, 'Model id as the API knows it.'),
    ('model', 'api_key_env', 'string', false, NULL, NULL, '^[A-Za-z_][A-Za-z0-9_]{0,127}$', NULL, NULL, NULL, 'Name of the environment variable that holds the key; never the key.'),
    ('model', 'context_window', 'integer', false, NULL, NULL, NULL, 256, 100000000, NULL, 'Tokens that fit into one request with its answer.'),
    ('model', 'max_tokens_field', 'string', false, '"max_tokens"', '{max_tokens,max_completion_tokens}', NULL, NULL, NULL, NULL, 'Field of the request that limits an answer''s tokens.'),
    ('model', 'max_tool_calls', 'integer', false, '64', NULL, NULL, 1, 1000, NULL, 'Most tool calls that one answer may ask for.'),
    ('model', 'max_response_bytes', 'integer', false, '4194304', NULL, NULL, 1024, 268435456, NULL, 'Largest answer that is read, in bytes.'),
    ('model', 'timeout', 'number', false, '600', NULL, NULL, 0.001, 86400, NULL, 'Seconds that one call may take.'),
    ('model', 'idle_timeout', 'number', false, '120', NULL, NULL, 0.001, 86400, NULL, 'Seconds without a byte after which a call is given up.'),
    ('model', 'prices', 'object', false, NULL, NULL, NULL, NULL, NULL, NULL, 'Prices in USD per million tokens.'),
    ('model', 'prices.input', 'number', false, NULL, NULL, NULL, 0, 1000000, NULL, 'USD per million input tokens.'),
    ('model', 'prices.cached_input', 'number', false, NULL, NULL, NULL, 0, 1000000, NULL, 'USD per million input tokens that the provider had cached.'),
    ('model', 'prices.output', 'number', false, NULL, NULL, NULL, 0, 1000000, NULL, 'USD per million output tokens.'),
    ('model', 'rules', 'array', false, NULL, NULL, NULL, 1, 1000, NULL, 'Rules of the offline provider, tried in order.'),
    ('model', 'rules[]', 'object', false, NULL, NULL, NULL, NULL, NULL, NULL, 'One rule.'),
    ('model', 'rules[].when', 'string', false, NULL, NULL, NULL, 1, 4096, NULL, 'Regular expression that the last user message is searched for.'),
    ('model', 'rules[].call', 'object', false, NULL, NULL, NULL, NULL, NULL, NULL, 'Tool to call when the rule matches.'),
    ('model', 'rules[].call.tool', 'string', true, NULL, NULL, NULL, 1, 64, NULL, 'Name of the tool.'),
    ('model', 'rules[].call.arguments', 'map', false, NULL, NULL, NULL, NULL, NULL, NULL, 'Its arguments; $1 stands for what the first group matched.'),
    ('model', 'rules[].calls', 'array', false, NULL, NULL, NULL, 1, 64, NULL, 'Several tools to call at once.'),
    ('model', 'rules[].calls[]', 'object', false, NULL, NULL, NULL, NULL, NULL, NULL, 'One call.'),
    ('model', 'rules[].calls[].tool', 'string', true, NULL, NULL, NULL, 1, 64, NULL, 'Name of the tool.'),
    ('model', 'rules[].calls[].arguments', 'map', false, NULL, NULL, NULL, NULL, NULL, NULL, 'Its arguments.'),
    ('model', 'rules[].then', 'string', false, NULL, NULL, NULL, NULL, 65536, NULL, 'Answer after the call; {{result}} stands for what the tool returned.'),
    ('model', 'rules[].say', 'string', false, NULL, NULL, NULL, NULL, 65536, NULL, 'Answer without a call.'),
    ('model', 'rules[].otherwise', 'string', false, NULL, NULL, NULL, NULL, 65536, NULL, 'Answer when no other rule matched.'),

    ('tool', 'kind', 'string', true, NULL, '{tool}', NULL, NULL, NULL, NULL, 'tool'),
    ('tool', 'name', 'string', true, NULL, NULL, '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$', 1, 64, NULL, 'Name that models call.'),
    ('tool', 'description', 'string', true, NULL, NULL, NULL, 1, 8192, NULL, 'What it does, as models read it.'),
    ('tool', 'implementation', 'string', true, NULL, '{calculator,current_time,file_read,list_directory}', NULL, NULL, NULL, NULL, 'The code that carries it out.'),
    ('tool', 'input_schema', 'schema', false, NULL, NULL, NULL, NULL, 262144, NULL, 'JSON Schema of the arguments, instead of the generated one.'),
    ('tool', 'configuration', 'map', false, '{}', NULL, NULL, NULL, 65536, NULL, 'Settings of the implementation.'),
    ('tool', 'effect', 'string', false, '"pure"', '{pure,idempotent,sql,unsafe}', NULL, NULL, NULL, NULL, 'What running it twice would do.'),
    ('tool', 'timeout', 'number', false, '30', NULL, NULL, 0.001, 86400, NULL, 'Seconds that one call may take.'),
    ('tool', 'output_limit', 'integer', false, '10240', NULL, NULL, 512, 16777216, NULL, 'Bytes of a result that the model is shown.'),

    ('agent', 'kind', 'string', true, NULL, '{agent}', NULL, NULL, NULL, NULL, 'agent'),
    ('agent', 'name', 'string', true, NULL, NULL, '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$', 1, 64, NULL, 'Name of the agent.'),
    ('agent', 'description', 'string', false, '""', NULL, NULL, NULL, 8192, NULL, 'What it is for.'),
    ('agent', 'system_prompt', 'string', false, '""', NULL, NULL, NULL, 262144, NULL, 'What the model is told first.'),
    ('agent', 'model', 'string', true, NULL, NULL, NULL, 1, 64, 'model', 'Name of a model.'),
    ('agent', 'tools', 'array', false, '[]', NULL, NULL, NULL, 128, NULL, 'Names of the tools that it may call.'),
    ('agent', 'tools[]', 'string', false, NULL, NULL, NULL, 1, 64, 'tool', 'Name of a tool.'),
    ('agent', 'capabilities', 'array', false, '[]', NULL, NULL, NULL, 128, NULL, 'What it can be asked for.'),
    ('agent', 'capabilities[]', 'string', false, NULL, NULL, NULL, 1, 128, NULL, 'One capability.'),
    ('agent', 'examples', 'array', false, '[]', NULL, NULL, NULL, 128, NULL, 'Messages that it is meant for.'),
    ('agent', 'examples[]', 'string', false, NULL, NULL, NULL, 1, 4096, NULL, 'One message.'),
    ('agent', 'input_schema', 'schema', false, NULL, NULL, NULL, NULL, 262144, NULL, 'JSON Schema of structured input; plain text is {"message": text}.'),
    ('agent', 'output_schema', 'schema', false, NULL, NULL, NULL, NULL, 262144, NULL, 'JSON Schema that the reply must fit.'),
    ('agent', 'output_retries', 'integer', false, '2', NULL, NULL, 0, 10, NULL, 'Times that a reply which does not fit is sent back to the model.'),
    ('agent', 'max_chain_depth', 'integer', false, '3', NULL, NULL, 0, 64, NULL, 'How deep it may hand on to other agents.'),
    ('agent', 'chain_strategy', 'string', false, '"sequential"', '{sequential,parallel,consensus,hierarchical,handoff,graph}', NULL, NULL, NULL, NULL, 'How agents after it are run.'),
    ('agent', 'strategy', 'string', false, '"function_calling"', '{function_calling}', NULL, NULL, NULL, NULL, 'How tools are called.'),
    ('agent', 'temperature', 'number', false, NULL, NULL, NULL, 0, 2, NULL, 'Sampling temperature.'),
    ('agent', 'top_p', 'number', false, NULL, NULL, NULL, 0, 1, NULL, 'Nucleus sampling.'),
    ('agent', 'presence_penalty', 'number', false, NULL, NULL, NULL, -2, 2, NULL, 'Penalty for tokens that were used at all.'),
    ('agent', 'frequency_penalty', 'number', false, NULL, NULL, NULL, -2, 2, NULL, 'Penalty for tokens by how often they were used.'),
    ('agent', 'max_output_tokens', 'integer', false, NULL, NULL, NULL, 1, 10000000, NULL, 'Most tokens of one answer.'),
    ('agent', 'max_iterations', 'integer', false, '15', NULL, NULL, 1, 1000, NULL, 'Most model calls in a turn.'),
    ('agent', 'max_turn_tokens', 'integer', false, NULL, NULL, NULL, 1, 1000000000, NULL, 'Most input and output tokens of a turn together.'),
    ('agent', 'history_limit', 'integer', false, '100', NULL, NULL, 0, 100, NULL, 'Most earlier messages that the model is shown.'),
    ('agent', 'timeout', 'number', false, '300', NULL, NULL, 0.001, 86400, NULL, 'Seconds that a turn may take.');

CREATE TABLE agentctl.definition (
    kind text COLLATE "C" NOT NULL REFERENCES agentctl.definition_kind,
    name text COLLATE "C" NOT NULL,
    current_version integer NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (kind, name)
);
COMMENT ON TABLE agentctl.definition IS 'Names and which version of each is in force. The version of an agent that a turn ran is kept with the turn.';
COMMENT ON COLUMN agentctl.definition.kind IS 'Kind of definition.';
COMMENT ON COLUMN agentctl.definition.name IS 'Name, unique within its kind.';
COMMENT ON COLUMN agentctl.definition.current_version IS 'Version that the next turn uses.';
COMMENT ON COLUMN agentctl.definition.updated_at IS 'When the version in force last changed.';

CREATE TABLE agentctl.definition_version (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    document jsonb NOT NULL CHECK (jsonb_typeof(document) = 'object' AND octet_length(document::text) <= 4194304),
    content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL DEFAULT agentctl.caller(),
    UNIQUE (kind, name, version),
    FOREIGN KEY (kind, name) REFERENCES agentctl.definition (kind, name) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE agentctl.definition_version IS 'Every version of every definition; immutable and complete.';
COMMENT ON COLUMN agentctl.definition_version.id IS 'Identifies the version; turns, steps and tool calls refer to it.';
COMMENT ON COLUMN agentctl.definition_version.kind IS 'Kind of definition.';
COMMENT ON COLUMN agentctl.definition_version.name IS 'Name of the definition.';
COMMENT ON COLUMN agentctl.definition_version.version IS 'Counts from 1 within a name.';
COMMENT ON COLUMN agentctl.definition_version.document IS 'The whole document, with defaults filled in.';
COMMENT ON COLUMN agentctl.definition_version.content_hash IS 'SHA-256 of the document; the same content is the same version.';
COMMENT ON COLUMN agentctl.definition_version.created_at IS 'When it was registered.';
COMMENT ON COLUMN agentctl.definition_version.created_by IS 'Database user who registered it.';

ALTER TABLE agentctl.definition ADD FOREIGN KEY (kind, name, current_version)
    REFERENCES agentctl.definition_version (kind, name, version) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE agentctl.definition_reference (
    version_id bigint NOT NULL REFERENCES agentctl.definition_version ON DELETE CASCADE,
    path text NOT NULL,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    PRIMARY KEY (version_id, path),
    FOREIGN KEY (kind, name) REFERENCES agentctl.definition (kind, name) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ON agentctl.definition_reference (kind, name);
COMMENT ON TABLE agentctl.definition_reference IS 'Which version names which other definition; keeps a definition that is in use from being removed.';
COMMENT ON COLUMN agentctl.definition_reference.version_id IS 'The version that refers.';
COMMENT ON COLUMN agentctl.definition_reference.path IS 'Where in its document.';
COMMENT ON COLUMN agentctl.definition_reference.kind IS 'Kind that is referred to.';
COMMENT ON COLUMN agentctl.definition_reference.name IS 'Name that is referred to.';

CREATE TABLE agentctl.definition_epoch (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch bigint NOT NULL
);
INSERT INTO agentctl.definition_epoch (epoch) VALUES (1);
COMMENT ON TABLE agentctl.definition_epoch IS 'One number that grows with every change to a definition in force. Each claim carries it, so that a worker knows without asking whether its cache is fresh.';
COMMENT ON COLUMN agentctl.definition_epoch.only_row IS 'Always true: there is one row.';
COMMENT ON COLUMN agentctl.definition_epoch.epoch IS 'Grows with every change.';

-- A definition's change reaches running workers in two ways: the epoch, which each claim returns (certain), and a
-- notification (early). NOTIFY takes a global lock at commit, which is why submit() never does it; here it is rare.
CREATE FUNCTION agentctl.definition_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    UPDATE definition_epoch SET epoch = epoch + 1;
    PERFORM pg_notify('agentctl_definitions', '');
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.definition_changed() IS 'Trigger: raises the epoch and notifies agentctl_definitions.';
CREATE TRIGGER definition_changed AFTER INSERT OR UPDATE OR DELETE ON agentctl.definition
    FOR EACH ROW EXECUTE FUNCTION agentctl.definition_changed();

CREATE FUNCTION agentctl.definition_version_is_immutable() RETURNS trigger
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a version of a % is immutable', OLD.kind
        USING ERRCODE = 'AC003', HINT = 'Register the changed document: it becomes a new version.';
END $$;
COMMENT ON FUNCTION agentctl.definition_version_is_immutable() IS 'Trigger: refuses to change a stored version.';
CREATE TRIGGER definition_version_is_immutable BEFORE UPDATE ON agentctl.definition_version
    FOR EACH ROW EXECUTE FUNCTION agentctl.definition_version_is_immutable();

-- Levenshtein distance for «did you mean». Only the band of the table is filled that a distance up to the maximum can
-- lie in, and only for as long as it can: anybody may mistype a name, so a mistyped name has to be cheap.
CREATE FUNCTION agentctl.edit_distance(a text, b text, maximum integer DEFAULT 64) RETURNS integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
DECLARE
    letters_a text[] := string_to_array(lower(left(a, 64)), NULL);
    letters_b text[] := string_to_array(lower(left(b, 64)), NULL);
    size_a integer := cardinality(letters_a);
    size_b integer := cardinality(letters_b);
    too_far integer := maximum + 1;
    previous integer[];
    current integer[];
    nearest integer;
BEGIN
    IF abs(size_a - size_b) > maximum THEN
        RETURN NULL;
    END IF;
    previous := ARRAY(SELECT generate_series(0, size_b));
    FOR i IN 1 .. size_a LOOP
        current := array_fill(too_far, ARRAY[size_b + 1]);
        current[1] := i;
        nearest := i;
        FOR j IN greatest(1, i - maximum) .. least(size_b, i + maximum) LOOP
            current[j + 1] := least(
                previous[j + 1] + 1,
                current[j] + 1,
                previous[j] + (letters_a[i] <> letters_b[j])::integer);
            nearest := least(nearest, current[j + 1]);
        END LOOP;
        IF nearest > maximum THEN
            RETURN NULL;
        END IF;
        previous := current;
    END LOOP;
    RETURN CASE WHEN previous[size_b + 1] <= maximum THEN previous[size_b + 1] END;
END $$;
COMMENT ON FUNCTION agentctl.edit_distance(text, text, integer) IS 'Levenshtein distance without regard to case, over the first 64 characters; NULL when it is greater than maximum.';

CREATE FUNCTION agentctl.nearest(word text, candidates text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    SELECT ranked.candidate
    FROM (SELECT near.candidate, agentctl.edit_distance(given.word, near.candidate, given.maximum) AS distance
          FROM (SELECT left(nearest.word, 64) AS word, least(greatest(2, length(left(nearest.word, 64)) / 3), 5) AS maximum) AS given
          CROSS JOIN LATERAL (
              SELECT c.candidate FROM unnest(candidates) AS c (candidate)
              WHERE length(left(c.candidate, 64)) BETWEEN length(given.word) - given.maximum AND length(given.word) + given.maximum
              LIMIT 500
          ) AS near) AS ranked
    WHERE ranked.distance IS NOT NULL
    ORDER BY ranked.distance, ranked.candidate
    LIMIT 1
$$;
COMMENT ON FUNCTION agentctl.nearest(text, text[]) IS 'The candidate that the word was probably meant to be, or NULL. Looks at 500 candidates of about its length.';

-- Walks a document beside its fields. path is how the value is reached ("rules[0].when"), field the row that governs it.
CREATE FUNCTION agentctl.document_nodes(document jsonb)
RETURNS TABLE (path text, field text, parent text, value jsonb)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH RECURSIVE node (path, field, parent, value) AS (
        SELECT '', '', NULL, document
        UNION ALL
        SELECT child.path, child.field, node.field, child.value
        FROM node
        LEFT JOIN agentctl.document_field AS governing
            ON governing.kind = document ->> 'kind' AND governing.path = node.field
        CROSS JOIN LATERAL (
            SELECT concat_ws('.', nullif(node.path, ''), name.text),
                   concat_ws('.', nullif(node.field, ''), name.text),
                   member.value
            FROM jsonb_each(CASE jsonb_typeof(node.value) WHEN 'object' THEN node.value ELSE '{}' END) AS member
            -- A key that is no plain word is quoted, so that "prices.input" is not taken for the input of prices.
            CROSS JOIN LATERAL (SELECT CASE WHEN member.key ~ '^[A-Za-z_][A-Za-z0-9_-]{0,63}$' THEN member.key
                                            ELSE to_json(left(member.key, 64))::text END AS text) AS name
            WHERE node.field = '' OR governing.type = 'object'
            UNION ALL
            SELECT format('%s[%s]', node.path, element.ordinality - 1), node.field || '[]', element.value
            FROM jsonb_array_elements(CASE jsonb_typeof(node.value) WHEN 'array' THEN node.value ELSE '[]' END)
                WITH ORDINALITY AS element
            WHERE governing.type = 'array'
        ) AS child (path, field, value)
    )
    SELECT node.path, node.field, node.parent, node.value FROM node
$$;
COMMENT ON FUNCTION agentctl.document_nodes(jsonb) IS 'Every value in a document with the field that governs it.';

CREATE FUNCTION agentctl.document_problems(document jsonb, documents jsonb DEFAULT '[]')
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
                    SELECT d.name FROM definition AS d WHERE d.kind = f.reference_kind
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
                ELSE found.json_type = f.type END THEN 'type'
            WHEN NOT node.value #>> '{}' = ANY (f.allowed) THEN 'allowed'
            WHEN f.type IN ('string', 'array', 'schema', 'map') AND (found.size < f.minimum OR found.size > f.maximum) THEN 'length'
            WHEN f.pattern IS NOT NULL AND node.value #>> '{}' !~ f.pattern THEN 'pattern'
            WHEN found.number < f.minimum OR found.number > f.maximum THEN 'range'
            WHEN f.reference_kind IS NOT NULL
                AND NOT EXISTS (SELECT FROM definition AS d
                                WHERE d.kind = f.reference_kind AND d.name = node.value #>> '{}')
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

    -- What one field asks of another.
    RETURN QUERY
    SELECT rule.path, rule.problem, rule.expected, NULL::text
    FROM (
        SELECT needed, 'is missing', format('needed by provider %s', document ->> 'provider')
        FROM (VALUES ('openai', 'base_url'), ('openai', 'model'), ('rules', 'rules')) AS need (provider, needed)
        WHERE document_kind = 'model' AND document ->> 'provider' = need.provider AND NOT document ? needed
        UNION ALL
        SELECT format('rules[%s]', rule.ordinality - 1), 'has neither when nor otherwise', 'when: PATTERN, or otherwise: TEXT'
        FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'rules') WHEN 'array' THEN document -> 'rules' ELSE '[]' END)
            WITH ORDINALITY AS rule
        WHERE document_kind = 'model' AND jsonb_typeof(rule.value) = 'object' AND NOT rule.value ?| '{when,otherwise}'
    ) AS rule (path, problem, expected);
END $$;
COMMENT ON FUNCTION agentctl.document_problems(jsonb, jsonb) IS 'Everything that is wrong with a document: where, what, what was expected, and what was probably meant. documents are those registered together with it.';

CREATE FUNCTION agentctl.json_type_name(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    SELECT CASE jsonb_typeof(value)
        WHEN 'object' THEN 'an object' WHEN 'array' THEN 'a list' WHEN 'string' THEN 'a string'
        WHEN 'number' THEN 'the number ' || left(value::text, 40) WHEN 'boolean' THEN 'the boolean ' || value::text
        ELSE 'null' END
$$;
COMMENT ON FUNCTION agentctl.json_type_name(jsonb) IS 'The type of a JSON value, as a message says it.';

CREATE FUNCTION agentctl.check_documents(documents jsonb)
RETURNS TABLE (document integer, path text, problem text, expected text, nearest text)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, found.path, found.problem, found.expected, found.nearest
    FROM jsonb_array_elements(documents) WITH ORDINALITY AS each
    CROSS JOIN LATERAL agentctl.document_problems(each.value, documents) AS found
    ORDER BY each.ordinality, found.path;

    RETURN QUERY
    SELECT (each.ordinality - 1)::integer, 'name', format('is used twice: %s %s', each.value ->> 'kind', each.value ->> 'name'),
           'a name that is unique within its kind', NULL::text
    FROM (SELECT e.ordinality, e.value,
                 row_number() OVER (PARTITION BY e.value ->> 'kind', e.value ->> 'name' ORDER BY e.ordinality) AS occurrence
          FROM jsonb_array_elements(documents) WITH ORDINALITY AS e WHERE e.value ->> 'name' IS NOT NULL) AS each
    WHERE each.occurrence > 1;
END $$;
COMMENT ON FUNCTION agentctl.check_documents(jsonb) IS 'Everything that is wrong with a list of documents that are to be registered together; document counts from 0.';

CREATE FUNCTION agentctl.complete_document(document jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(f.path, f.default_value), '{}') || document
    FROM agentctl.document_field AS f
    WHERE f.kind = document ->> 'kind' AND f.default_value IS NOT NULL
$$;
COMMENT ON FUNCTION agentctl.complete_document(jsonb) IS 'The document with the defaults of its kind filled in.';

CREATE FUNCTION agentctl.register(document jsonb)
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
            SELECT string_agg(format('%s %s (expected %s%s)', coalesce(nullif(p ->> 'path', ''), 'document'), p ->> 'problem', p ->> 'expected',
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
        SELECT each.ordinality, complete.document, complete.document ->> 'kind' AS kind, complete.document ->> 'name' AS name,
               sha256(convert_to(complete.document::text, 'UTF8')) AS content_hash
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
COMMENT ON FUNCTION agentctl.register(jsonb) IS 'Stores one document, or a list of them, all or nothing. The same content is a no-op; a change is a new version, in force from the next message on. Fails with AC001, naming every problem.';

CREATE FUNCTION agentctl.publish(name text, version integer, kind text DEFAULT 'agent') RETURNS bigint
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
    WHERE d.kind = publish.kind AND d.name = publish.name AND d.current_version <> publish.version;
    RETURN published;
END $$;
COMMENT ON FUNCTION agentctl.publish(text, integer, text) IS 'Puts a stored version in force; returns its id. Fails with AC002 when there is no such version.';

CREATE FUNCTION agentctl.rollback(name text, version integer DEFAULT NULL, kind text DEFAULT 'agent') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    target integer := rollback.version;
BEGIN
    LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    IF target IS NULL THEN
        SELECT max(v.version) INTO target
        FROM definition AS d JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version < d.current_version
        WHERE d.kind = rollback.kind AND d.name = rollback.name;
    END IF;
    IF target IS NULL THEN
        RAISE EXCEPTION '% "%" has no earlier version', rollback.kind, rollback.name USING ERRCODE = 'AC002';
    END IF;
    RETURN agentctl.publish(rollback.name, target, rollback.kind);
END $$;
COMMENT ON FUNCTION agentctl.rollback(text, integer, text) IS 'Puts an earlier version in force: the given one, or the one before the present.';

-- The definitions in force with a typed column a field. INSERT and UPDATE register a new version.
CREATE VIEW agentctl.models AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document ->> 'provider' AS provider,
       v.document ->> 'base_url' AS base_url,
       v.document ->> 'model' AS model,
       v.document ->> 'api_key_env' AS api_key_env,
       (v.document ->> 'context_window')::integer AS context_window,
       v.document ->> 'max_tokens_field' AS max_tokens_field,
       (v.document ->> 'max_tool_calls')::integer AS max_tool_calls,
       (v.document ->> 'max_response_bytes')::integer AS max_response_bytes,
       (v.document ->> 'timeout')::double precision AS timeout,
       (v.document ->> 'idle_timeout')::double precision AS idle_timeout,
       v.document -> 'prices' AS prices,
       v.document -> 'rules' AS rules,
       v.version, v.id AS version_id, v.created_at, v.created_by
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'model';

CREATE VIEW agentctl.tools AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document ->> 'implementation' AS implementation,
       v.document -> 'input_schema' AS input_schema,
       v.document -> 'configuration' AS configuration,
       v.document ->> 'effect' AS effect,
       (v.document ->> 'timeout')::double precision AS timeout,
       (v.document ->> 'output_limit')::integer AS output_limit,
       v.version, v.id AS version_id, v.created_at, v.created_by
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'tool';

CREATE VIEW agentctl.agents AS
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
       v.version, v.id AS version_id, v.created_at, v.created_by
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'agent';

CREATE FUNCTION agentctl.register_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.name IS DISTINCT FROM OLD.name THEN
        RAISE EXCEPTION 'a definition keeps its name' USING ERRCODE = 'AC003', HINT = 'Insert a row with the new name.';
    END IF;
    PERFORM agentctl.register((
        SELECT jsonb_object_agg(member.key, member.value) || jsonb_build_object('kind', TG_ARGV[0])
        FROM jsonb_each(to_jsonb(NEW)) AS member
        WHERE member.value <> 'null' AND member.key <> ALL ('{version,version_id,created_at,created_by}')));
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agentctl.register_row() IS 'Trigger: registers the row of a view as a document.';
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.models FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('model');
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.tools FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('tool');
CREATE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.agents FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('agent');

COMMENT ON VIEW agentctl.models IS 'The models in force. INSERT and UPDATE register a new version.';
COMMENT ON VIEW agentctl.tools IS 'The tools in force. INSERT and UPDATE register a new version.';
COMMENT ON VIEW agentctl.agents IS 'The agents in force. INSERT and UPDATE register a new version.';

-- A view's columns mean what the document's fields mean.
DO $$
DECLARE
    comment record;
BEGIN
    FOR comment IN
        SELECT f.kind || 's' AS view, f.path AS name, f.description FROM agentctl.document_field AS f
        WHERE f.path !~ '[.[]' AND f.path <> 'kind'
        UNION ALL
        SELECT k.kind || 's', c.name, c.description FROM agentctl.definition_kind AS k, (VALUES
            ('version', 'Version in force, counted from 1.'), ('version_id', 'Identifies the version.'),
            ('created_at', 'When the version was registered.'), ('created_by', 'Database user who registered it.')
        ) AS c (name, description)
    LOOP
        EXECUTE format('COMMENT ON COLUMN agentctl.%I.%I IS %L', comment.view, comment.name, comment.description);
    END LOOP;
END $$;

-- What the factory builds an agent from: its version and those of all it refers to, in one round trip.
CREATE FUNCTION agentctl.agent_parts(name text)
RETURNS TABLE (epoch bigint, kind text, part_name text, version integer, version_id bigint, document jsonb)
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    WITH agent AS (
        SELECT v.* FROM agentctl.definition AS d
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        WHERE d.kind = 'agent' AND d.name = agent_parts.name
    ), part AS (
        SELECT agent.kind, agent.name, agent.version, agent.id, agent.document FROM agent
        UNION ALL
        SELECT v.kind, v.name, v.version, v.id, v.document
        FROM agent
        JOIN agentctl.definition_reference AS r ON r.version_id = agent.id
        JOIN agentctl.definition AS d ON d.kind = r.kind AND d.name = r.name
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
    )
    SELECT e.epoch, part.kind, part.name, part.version, part.id, part.document
    FROM agentctl.definition_epoch AS e, part
$$;
COMMENT ON FUNCTION agentctl.agent_parts(text) IS 'The agent in force under a name and the versions of the model and tools that it names, with the epoch they were read at.';
