-- Memory: what agents know after a conversation, who may see it, what they were shown of it, and what was forgotten.

ALTER TABLE agentctl.conversation ADD COLUMN user_id text COLLATE "C"
    CHECK (octet_length(user_id) BETWEEN 1 AND 200 AND user_id !~ '[[:cntrl:]]');
COMMENT ON COLUMN agentctl.conversation.user_id IS
    'The end user of the application that it is held with, as the first submission named one; NULL when it named none: '
    'then no user''s memories are seen. A name within created_by: two applications'' users of one name are two.';

-- Least first: the trust of what several things contributed to is the least of theirs.
CREATE TYPE agentctl.memory_trust AS ENUM ('untrusted', 'agent', 'user', 'owner');
COMMENT ON TYPE agentctl.memory_trust IS
    'Where a memory comes from: outside, an agent, the user''s own words, or an owner; least first.';

CREATE TABLE agentctl.memory_scope (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL DEFAULT 'default',
    collection text COLLATE "C" NOT NULL DEFAULT 'default'
        CHECK (collection ~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$'),
    account text COLLATE "C",
    agent text COLLATE "C",
    user_id text COLLATE "C" CHECK (octet_length(user_id) BETWEEN 1 AND 200 AND user_id !~ '[[:cntrl:]]'),
    conversation_id text COLLATE "C",
    memories bigint NOT NULL DEFAULT 0 CHECK (memories >= 0),
    CHECK (account IS NOT NULL OR user_id IS NULL AND conversation_id IS NULL),
    CHECK (account <> '' AND agent <> '' AND conversation_id <> '')
);
-- Of expressions: what is NULL is found by the same look as what is not.
CREATE UNIQUE INDEX memory_scope_single ON agentctl.memory_scope (tenant, collection, coalesce(account, ''),
    coalesce(user_id, ''), coalesce(conversation_id, ''), coalesce(agent, ''));
CREATE INDEX memory_scope_user ON agentctl.memory_scope (account, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX memory_scope_conversation ON agentctl.memory_scope (conversation_id) WHERE conversation_id IS NOT NULL;
COMMENT ON TABLE agentctl.memory_scope IS
    'Who sees a memory: a conversation sees the scopes of which every column is NULL or its own.';
COMMENT ON COLUMN agentctl.memory_scope.id IS 'Identifies the scope.';
COMMENT ON COLUMN agentctl.memory_scope.tenant IS 'As in conversation.';
COMMENT ON COLUMN agentctl.memory_scope.collection IS 'Memories of one purpose: an agent reads and writes one of them.';
COMMENT ON COLUMN agentctl.memory_scope.account IS
    'The database user whose conversations see it; NULL: those of all. A user and a conversation are of one account.';
COMMENT ON COLUMN agentctl.memory_scope.agent IS 'The agent that sees it; NULL: all.';
COMMENT ON COLUMN agentctl.memory_scope.user_id IS 'The end user for whom it is seen; NULL: for all.';
COMMENT ON COLUMN agentctl.memory_scope.conversation_id IS 'The conversation in which it is seen; NULL: in all.';
COMMENT ON COLUMN agentctl.memory_scope.memories IS
    'About how many memories it has: counted by count_memories(), beside the writes.';

CREATE TABLE agentctl.memory (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope_id integer NOT NULL REFERENCES agentctl.memory_scope ON DELETE CASCADE,
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    kind text COLLATE "C" NOT NULL DEFAULT 'fact' CHECK (kind IN ('fact', 'interaction', 'extracted', 'episode')),
    key text COLLATE "C" CHECK (octet_length(key) BETWEEN 1 AND 400),
    content text NOT NULL CHECK (octet_length(content) BETWEEN 1 AND 16384),
    content_hash bytea NOT NULL GENERATED ALWAYS AS (agentctl.memory_hash(content)) STORED,
    terms integer[] NOT NULL GENERATED ALWAYS AS (agentctl.memory_terms(content) || agentctl.scope_term(scope_id))
        STORED,
    metadata jsonb NOT NULL DEFAULT '{}'
        CHECK (jsonb_typeof(metadata) = 'object' AND octet_length(metadata::text) <= 16384),
    importance real NOT NULL DEFAULT 0.5 CHECK (importance BETWEEN 0 AND 1),
    trust agentctl.memory_trust NOT NULL,
    source_conversation text COLLATE "C",
    source_seq bigint,
    source_call integer,
    written_by text NOT NULL,
    times_stored integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz,
    UNIQUE (scope_id, content_hash),
    UNIQUE (scope_id, key)
);
CREATE INDEX memory_terms_index ON agentctl.memory USING gin (terms) WITH (fastupdate = off);
CREATE INDEX memory_metadata_index ON agentctl.memory USING gin (metadata jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX memory_expiry ON agentctl.memory (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX memory_source ON agentctl.memory (source_conversation, source_seq) WHERE source_conversation IS NOT NULL;
COMMENT ON TABLE agentctl.memory IS 'What is remembered: facts, interactions, what was extracted, and episodes.';
COMMENT ON COLUMN agentctl.memory.id IS 'Identifies the memory; a model cites it as [m12].';
COMMENT ON COLUMN agentctl.memory.scope_id IS 'Who sees it.';
COMMENT ON COLUMN agentctl.memory.version IS 'How often its content or trust has changed, counted from 1.';
COMMENT ON COLUMN agentctl.memory.kind IS
    'fact: stated by somebody; interaction: what was said and answered; extracted: found in messages by a model; '
    'episode: how a task went.';
COMMENT ON COLUMN agentctl.memory.key IS 'The caller''s own id within the scope; NULL: known by its content.';
COMMENT ON COLUMN agentctl.memory.content IS 'What is remembered, up to 16 KiB.';
COMMENT ON COLUMN agentctl.memory.content_hash IS 'memory_hash() of the content.';
COMMENT ON COLUMN agentctl.memory.terms IS 'What it is found by: memory_terms() of the content, and its scope''s term.';
COMMENT ON COLUMN agentctl.memory.metadata IS 'What the caller wants to filter by: a flat object is best.';
COMMENT ON COLUMN agentctl.memory.importance IS 'From 0 to 1; decides between what is about equally relevant.';
COMMENT ON COLUMN agentctl.memory.trust IS
    'owner: written by an owner; user: the user''s own words, or a client''s; agent: written by an agent that had read '
    'nothing from outside; untrusted: by one that had.';
COMMENT ON COLUMN agentctl.memory.source_conversation IS 'Where it was learned; NULL: in none, or that is deleted.';
COMMENT ON COLUMN agentctl.memory.source_seq IS 'The turn in which it was learned.';
COMMENT ON COLUMN agentctl.memory.source_call IS 'The place of the tool call in that turn; NULL: no tool wrote it.';
COMMENT ON COLUMN agentctl.memory.written_by IS 'The database user, or the agent, that wrote it first.';
COMMENT ON COLUMN agentctl.memory.times_stored IS 'How often the same content was stored.';
COMMENT ON COLUMN agentctl.memory.created_at IS 'When it was stored first.';
COMMENT ON COLUMN agentctl.memory.updated_at IS 'When it was stored or changed last.';
COMMENT ON COLUMN agentctl.memory.expires_at IS 'When it is no longer found, and is deleted soon after; NULL: never.';

CREATE TABLE agentctl.memory_version (
    memory_id bigint NOT NULL REFERENCES agentctl.memory ON DELETE CASCADE,
    version integer NOT NULL,
    content text NOT NULL,
    metadata jsonb NOT NULL,
    importance real NOT NULL,
    trust agentctl.memory_trust NOT NULL,
    written_by text NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (memory_id, version)
);
COMMENT ON TABLE agentctl.memory_version IS 'What memories were before they changed; it goes with the memory.';
COMMENT ON COLUMN agentctl.memory_version.memory_id IS 'The memory.';
COMMENT ON COLUMN agentctl.memory_version.version IS 'The version that this was.';
COMMENT ON COLUMN agentctl.memory_version.content IS 'Its content.';
COMMENT ON COLUMN agentctl.memory_version.metadata IS 'Its metadata.';
COMMENT ON COLUMN agentctl.memory_version.importance IS 'Its importance.';
COMMENT ON COLUMN agentctl.memory_version.trust IS 'Its trust.';
COMMENT ON COLUMN agentctl.memory_version.written_by IS 'Who wrote the next version.';
COMMENT ON COLUMN agentctl.memory_version.ended_at IS 'When the next version was written.';

CREATE TABLE agentctl.memory_key (key bytea NOT NULL CHECK (octet_length(key) = 32));
CREATE UNIQUE INDEX memory_key_single ON agentctl.memory_key ((true));
INSERT INTO agentctl.memory_key (key) VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
COMMENT ON TABLE agentctl.memory_key IS 'The key of tombstones, one row, made with the database.';
COMMENT ON COLUMN agentctl.memory_key.key IS '32 random bytes.';

CREATE TABLE agentctl.memory_tombstone (
    scope_id integer NOT NULL REFERENCES agentctl.memory_scope ON DELETE CASCADE,
    content_key bytea NOT NULL,
    PRIMARY KEY (scope_id, content_key)
);
COMMENT ON TABLE agentctl.memory_tombstone IS
    'What was forgotten, as keyed hashes: no rule, model or import brings it back by itself. A person may say it again.';
COMMENT ON COLUMN agentctl.memory_tombstone.scope_id IS 'The scope that it was in.';
COMMENT ON COLUMN agentctl.memory_tombstone.content_key IS 'tombstone_key() of the content.';

CREATE TABLE agentctl.common_term (
    term integer PRIMARY KEY,
    memories bigint NOT NULL
);
COMMENT ON TABLE agentctl.common_term IS
    'Terms that more than 500 memories have: they weigh in a search and find nothing. Made by count_memories().';
COMMENT ON COLUMN agentctl.common_term.term IS 'The term.';
COMMENT ON COLUMN agentctl.common_term.memories IS 'How many memories have it.';

CREATE TABLE agentctl.memory_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent text COLLATE "C",
    -- The second is NULL never: it fails for what is no regular expression.
    pattern text NOT NULL CHECK (octet_length(pattern) BETWEEN 1 AND 1000) CHECK (('' ~* pattern) IS NOT NULL),
    importance real NOT NULL CHECK (importance BETWEEN 0 AND 1),
    created_by text NOT NULL DEFAULT agentctl.caller(),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE agentctl.memory_rule IS
    'How important interactions are, by what the user says: of the rules that match, the highest counts.';
COMMENT ON COLUMN agentctl.memory_rule.id IS 'Identifies the rule.';
COMMENT ON COLUMN agentctl.memory_rule.agent IS 'The agent that it is for; NULL: all.';
COMMENT ON COLUMN agentctl.memory_rule.pattern IS
    'Regular expression of PostgreSQL that the user''s message is searched for, without regard to case.';
COMMENT ON COLUMN agentctl.memory_rule.importance IS 'The importance of what matches, from 0 to 1.';
COMMENT ON COLUMN agentctl.memory_rule.created_by IS 'Who made it.';
COMMENT ON COLUMN agentctl.memory_rule.created_at IS 'When it was made.';

CREATE TABLE agentctl.shown (
    conversation_id text COLLATE "C" NOT NULL REFERENCES agentctl.conversation ON DELETE CASCADE,
    seq bigint NOT NULL,
    position smallint NOT NULL,
    memory_id bigint NOT NULL REFERENCES agentctl.memory ON DELETE CASCADE,
    version integer NOT NULL,
    relevance real CHECK (relevance BETWEEN 0 AND 1),
    PRIMARY KEY (conversation_id, seq, position)
);
CREATE INDEX shown_memory ON agentctl.shown (memory_id);
COMMENT ON TABLE agentctl.shown IS
    'What a turn''s model was shown beside the message, by reference: what is forgotten is shown nowhere any more.';
COMMENT ON COLUMN agentctl.shown.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.shown.seq IS 'The turn, before whose message it stands.';
COMMENT ON COLUMN agentctl.shown.position IS 'Its place among what the turn was shown, counted from 1.';
COMMENT ON COLUMN agentctl.shown.memory_id IS 'The memory.';
COMMENT ON COLUMN agentctl.shown.version IS 'The version that was shown.';
COMMENT ON COLUMN agentctl.shown.relevance IS 'How relevant it was found, from 0 to 1; NULL where that is not known.';

-- Vectors. A space is one embedder with its model, dimensions and prefixes; what is in one is compared within it only.
CREATE TABLE agentctl.vector_space (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    embedder text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    dimensions integer NOT NULL CHECK (dimensions BETWEEN 8 AND 4096),
    document_prefix text NOT NULL DEFAULT '',
    question_prefix text NOT NULL DEFAULT '',
    state text COLLATE "C" NOT NULL CHECK (state IN ('building', 'in_force', 'retired')),
    center real[] NOT NULL CHECK (cardinality(center) = dimensions),
    problem text CHECK (octet_length(problem) <= 2000),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX vector_space_in_force ON agentctl.vector_space (state) WHERE state = 'in_force';
COMMENT ON TABLE agentctl.vector_space IS 'Vectors that can be compared: those of one embedder, model and dimension.';
COMMENT ON COLUMN agentctl.vector_space.id IS 'Identifies the space.';
COMMENT ON COLUMN agentctl.vector_space.embedder IS 'The name of the embedder.';
COMMENT ON COLUMN agentctl.vector_space.model IS 'The id of its model.';
COMMENT ON COLUMN agentctl.vector_space.dimensions IS 'How many numbers a vector has.';
COMMENT ON COLUMN agentctl.vector_space.document_prefix IS 'What stands before a memory when it is embedded.';
COMMENT ON COLUMN agentctl.vector_space.question_prefix IS 'What stands before a question.';
COMMENT ON COLUMN agentctl.vector_space.state IS 'building: it is filled; in_force: searched; retired: to be deleted.';
COMMENT ON COLUMN agentctl.vector_space.center IS 'The mean of sample texts, which is subtracted from every vector.';
COMMENT ON COLUMN agentctl.vector_space.problem IS 'What the embedder answers wrongly; NULL: nothing.';
COMMENT ON COLUMN agentctl.vector_space.created_at IS 'When it was made.';

CREATE TABLE agentctl.memory_vector (
    memory_id bigint NOT NULL REFERENCES agentctl.memory ON DELETE CASCADE,
    space_id integer NOT NULL REFERENCES agentctl.vector_space ON DELETE CASCADE,
    content_hash bytea NOT NULL,
    embedding real[] NOT NULL,
    levels bit varying NOT NULL,
    PRIMARY KEY (memory_id, space_id)
);
ALTER TABLE agentctl.memory_vector ALTER embedding SET STORAGE external;
COMMENT ON TABLE agentctl.memory_vector IS 'The vectors of memories.';
COMMENT ON COLUMN agentctl.memory_vector.memory_id IS 'The memory.';
COMMENT ON COLUMN agentctl.memory_vector.space_id IS 'The space that the vector is in.';
COMMENT ON COLUMN agentctl.memory_vector.content_hash IS 'Of the content that was embedded.';
COMMENT ON COLUMN agentctl.memory_vector.embedding IS 'The vector: centered, of length 1.';
COMMENT ON COLUMN agentctl.memory_vector.levels IS
    'Which of 15 thresholds each dimension passes: what the similarity is computed from.';

CREATE TABLE agentctl.memory_signature (
    space_id integer NOT NULL,
    scope_id integer NOT NULL,
    memory_id bigint NOT NULL,
    signs bit varying NOT NULL,
    PRIMARY KEY (space_id, scope_id, memory_id) INCLUDE (signs),
    FOREIGN KEY (memory_id, space_id) REFERENCES agentctl.memory_vector ON DELETE CASCADE
);
CREATE INDEX memory_signature_memory ON agentctl.memory_signature (memory_id);
COMMENT ON TABLE agentctl.memory_signature IS 'The signs of vectors: narrow, as all that is visible is scanned.';
COMMENT ON COLUMN agentctl.memory_signature.space_id IS 'The space.';
COMMENT ON COLUMN agentctl.memory_signature.scope_id IS 'The scope of the memory.';
COMMENT ON COLUMN agentctl.memory_signature.memory_id IS 'The memory.';
COMMENT ON COLUMN agentctl.memory_signature.signs IS 'A bit a dimension: whether it is positive.';

CREATE TABLE agentctl.embedding_job (
    memory_id bigint NOT NULL REFERENCES agentctl.memory ON DELETE CASCADE,
    space_id integer NOT NULL REFERENCES agentctl.vector_space ON DELETE CASCADE,
    attempt smallint NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL DEFAULT '-infinity',
    error text CHECK (octet_length(error) <= 2000),
    PRIMARY KEY (space_id, memory_id)
);
CREATE INDEX embedding_job_memory ON agentctl.embedding_job (memory_id);
COMMENT ON TABLE agentctl.embedding_job IS 'Memories that have to be embedded.';
COMMENT ON COLUMN agentctl.embedding_job.memory_id IS 'The memory.';
COMMENT ON COLUMN agentctl.embedding_job.space_id IS 'The space that it lacks a vector in.';
COMMENT ON COLUMN agentctl.embedding_job.attempt IS 'How often it was tried.';
COMMENT ON COLUMN agentctl.embedding_job.not_before IS 'When it may be tried again.';
COMMENT ON COLUMN agentctl.embedding_job.error IS 'Why it failed last; NULL: it did not.';

CREATE TABLE agentctl.embedding_call (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    space_id integer REFERENCES agentctl.vector_space ON DELETE SET NULL,
    embedder text COLLATE "C" NOT NULL,
    texts integer NOT NULL CHECK (texts > 0),
    input_tokens bigint,
    cost_usd double precision,
    duration_ms double precision NOT NULL,
    error_code text COLLATE "C",
    error_message text CHECK (octet_length(error_message) <= 2000),
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX embedding_call_at ON agentctl.embedding_call (at);
COMMENT ON TABLE agentctl.embedding_call IS 'Calls of embedders by workers, one a batch.';
COMMENT ON COLUMN agentctl.embedding_call.id IS 'Identifies the call.';
COMMENT ON COLUMN agentctl.embedding_call.space_id IS 'The space that it was for; NULL: it is no more.';
COMMENT ON COLUMN agentctl.embedding_call.embedder IS 'The name of the embedder.';
COMMENT ON COLUMN agentctl.embedding_call.texts IS 'How many texts it had.';
COMMENT ON COLUMN agentctl.embedding_call.input_tokens IS 'Their tokens, as the server counts them; NULL: unknown.';
COMMENT ON COLUMN agentctl.embedding_call.cost_usd IS 'What it cost in USD; NULL: no price is known.';
COMMENT ON COLUMN agentctl.embedding_call.duration_ms IS 'How long it took, in milliseconds.';
COMMENT ON COLUMN agentctl.embedding_call.error_code IS 'Class of the failure; NULL: it succeeded.';
COMMENT ON COLUMN agentctl.embedding_call.error_message IS 'What the failure was.';
COMMENT ON COLUMN agentctl.embedding_call.at IS 'When it ended.';

-- A question as bits: what it is compared with is in memory_signature and memory_vector.
CREATE TYPE agentctl.vector_query AS (space_id integer, signs bit varying, levels bit varying);
COMMENT ON TYPE agentctl.vector_query IS 'A question as the bits of its vector in a space.';

-- Whatever types there are by now, and one more. What is stored fits: the table need not be read for that.
DO $types$
BEGIN
    EXECUTE (
        SELECT format('ALTER TABLE agentctl.event DROP CONSTRAINT event_type, ADD CONSTRAINT event_type '
            'CHECK (type IN (%s, ''memory_recalled'')) NOT VALID', string_agg(DISTINCT quote_literal(t.found[1]), ', '))
        FROM pg_constraint AS c
        CROSS JOIN LATERAL regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g') AS t (found)
        WHERE c.conrelid = 'agentctl.event'::regclass AND c.conname = 'event_type');
END $types$;
