-- Conversations as documents: written out of one database and read into another, complete or not at all.
--
-- What a document may hold is data: a row a field. export_items() writes what stands there, import_conversation() takes
-- nothing else, and what is checked is checked for every caller. Ids that mean something in one database only (of
-- versions, approvals, function calls, workers) are never in a document: it refers to its own parts, so that the same
-- conversation is the same document wherever it is written.

CREATE TABLE agentctl.exchange_part (
    part text COLLATE "C" PRIMARY KEY,
    position smallint GENERATED ALWAYS AS IDENTITY,
    is_list boolean NOT NULL,
    required boolean NOT NULL,
    description text NOT NULL
);
COMMENT ON TABLE agentctl.exchange_part IS 'The parts of a conversation''s document, beside format and version.';
COMMENT ON COLUMN agentctl.exchange_part.part IS 'Name of the member.';
COMMENT ON COLUMN agentctl.exchange_part.position IS 'Order in which parts are written.';
COMMENT ON COLUMN agentctl.exchange_part.is_list IS 'Whether it is a list of objects, and not one.';
COMMENT ON COLUMN agentctl.exchange_part.required IS 'Whether every document has it.';
COMMENT ON COLUMN agentctl.exchange_part.description IS 'What it holds.';

CREATE TABLE agentctl.exchange_field (
    part text COLLATE "C" NOT NULL REFERENCES agentctl.exchange_part,
    field text COLLATE "C" NOT NULL,
    position smallint GENERATED ALWAYS AS IDENTITY,
    type text NOT NULL CHECK (type IN ('text', 'integer', 'number', 'boolean', 'time', 'uuid', 'object', 'array',
        'definition')),
    required boolean NOT NULL,
    minimum numeric,
    maximum numeric,
    allowed text[],
    PRIMARY KEY (part, field)
);
COMMENT ON TABLE agentctl.exchange_field IS
    'What the parts of a conversation''s document hold: one row a field. A field means what the column of its name '
    'means.';
COMMENT ON COLUMN agentctl.exchange_field.part IS 'The part.';
COMMENT ON COLUMN agentctl.exchange_field.field IS 'Name of the field.';
COMMENT ON COLUMN agentctl.exchange_field.position IS 'Order in which fields are shown.';
COMMENT ON COLUMN agentctl.exchange_field.type IS
    'Type of its value; time is a text such as 2026-01-31T12:00:00.5+00:00, definition a text kind/name/version of '
    'the part definitions.';
COMMENT ON COLUMN agentctl.exchange_field.required IS
    'Whether it must be there; one that need not be is left out where the column is NULL.';
COMMENT ON COLUMN agentctl.exchange_field.minimum IS 'Least value of a number, least length of a text in bytes.';
COMMENT ON COLUMN agentctl.exchange_field.maximum IS 'Greatest value of a number, greatest length of a text in bytes.';
COMMENT ON COLUMN agentctl.exchange_field.allowed IS 'The values that a text may have.';
