-- Definitions: agents, models, tools and so on as versioned rows.
--
-- A definition is a document (jsonb). What a document may hold is itself data: agentctl.document_field has one row
-- a field, and register() holds every document to it, whoever calls: the command line, psql, another application.
-- A version is immutable and complete (defaults are filled in when it is stored), so that what ran can always be read.

CREATE TABLE agentctl.definition_kind (
    kind text COLLATE "C" PRIMARY KEY,
    description text NOT NULL
);
COMMENT ON TABLE agentctl.definition_kind IS 'The kinds of documents that can be registered.';
COMMENT ON COLUMN agentctl.definition_kind.kind IS 'The word that stands in a document as kind.';
COMMENT ON COLUMN agentctl.definition_kind.description IS 'What a definition of this kind is.';

CREATE TABLE agentctl.document_field (
    kind text COLLATE "C" NOT NULL REFERENCES agentctl.definition_kind,
    path text COLLATE "C" NOT NULL,
    position smallint GENERATED ALWAYS AS IDENTITY,
    type text NOT NULL CHECK (type IN ('string', 'integer', 'number', 'boolean', 'object', 'array', 'schema', 'map',
        'any', 'value')),
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
COMMENT ON TABLE agentctl.document_field IS
    'What a document of each kind may hold: one row a field. Nested fields are written prices.input, elements of a '
    'list rules[].';
COMMENT ON COLUMN agentctl.document_field.kind IS 'Kind of document.';
COMMENT ON COLUMN agentctl.document_field.path IS 'Where the field stands in the document.';
COMMENT ON COLUMN agentctl.document_field.position IS 'Order in which fields are shown.';
COMMENT ON COLUMN agentctl.document_field.type IS
    'JSON type; schema is a JSON Schema, map an object with free keys; any is not looked into, nor is value, which '
    'may be null.';
COMMENT ON COLUMN agentctl.document_field.required IS 'Whether the object that holds the field must have it.';
COMMENT ON COLUMN agentctl.document_field.default_value IS
    'Filled in when a document is stored without the field (top level only).';
COMMENT ON COLUMN agentctl.document_field.allowed IS 'The values that a string may have.';
COMMENT ON COLUMN agentctl.document_field.pattern IS 'Regular expression that a string must match.';
COMMENT ON COLUMN agentctl.document_field.minimum IS
    'Least value of a number, least length of a string (bytes) or list (elements).';
COMMENT ON COLUMN agentctl.document_field.maximum IS
    'Greatest value of a number, greatest length of a string (bytes) or list (elements).';
COMMENT ON COLUMN agentctl.document_field.reference_kind IS
    'The string is the name of a definition of this kind, which must exist.';
COMMENT ON COLUMN agentctl.document_field.description IS 'What the field means, with its unit.';

CREATE TABLE agentctl.definition (
    kind text COLLATE "C" NOT NULL REFERENCES agentctl.definition_kind,
    name text COLLATE "C" NOT NULL,
    current_version integer,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (kind, name)
);
CREATE INDEX definition_out_of_force ON agentctl.definition (kind, name) WHERE current_version IS NULL;
COMMENT ON TABLE agentctl.definition IS
    'Names and which version of each is in force. The version of an agent that a turn ran is kept with the turn.';
COMMENT ON COLUMN agentctl.definition.kind IS 'Kind of definition.';
COMMENT ON COLUMN agentctl.definition.name IS 'Name, unique within its kind.';
COMMENT ON COLUMN agentctl.definition.current_version IS
    'Version that the next turn uses; NULL when it was taken out of force.';
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
COMMENT ON COLUMN agentctl.definition_version.content_hash IS
    'SHA-256 of the document; the same content is the same version.';
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
COMMENT ON TABLE agentctl.definition_reference IS
    'Which version names which other definition; keeps a definition that is in use from being removed.';
COMMENT ON COLUMN agentctl.definition_reference.version_id IS 'The version that refers.';
COMMENT ON COLUMN agentctl.definition_reference.path IS 'Where in its document.';
COMMENT ON COLUMN agentctl.definition_reference.kind IS 'Kind that is referred to.';
COMMENT ON COLUMN agentctl.definition_reference.name IS 'Name that is referred to.';

CREATE TABLE agentctl.definition_epoch (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch bigint NOT NULL
);
COMMENT ON TABLE agentctl.definition_epoch IS
    'One number that grows with every change to a definition in force. Each claim carries it, so that a worker knows '
    'without asking whether its cache is fresh.';
COMMENT ON COLUMN agentctl.definition_epoch.only_row IS 'Always true: there is one row.';
COMMENT ON COLUMN agentctl.definition_epoch.epoch IS 'Grows with every change.';
INSERT INTO agentctl.definition_epoch (epoch) VALUES (1);
