-- Shared blocks: short texts that agents always have before them, and that agents and people edit. What a block is for,
-- how long it may be and whose it is, its definition says; here is what stands in it, version by version.

CREATE TABLE agentctl.memory_block (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    label text COLLATE "C" NOT NULL CHECK (octet_length(label) BETWEEN 1 AND 64),
    account text COLLATE "C",
    user_id text COLLATE "C" CHECK (octet_length(user_id) BETWEEN 1 AND 200),
    conversation_id text COLLATE "C",
    version integer NOT NULL CHECK (version > 0),
    value text NOT NULL CHECK (length(value) <= 100000),
    CHECK ((account IS NULL) = (user_id IS NULL) AND num_nonnulls(user_id, conversation_id) <= 1)
);
-- Of expressions: what is NULL is found by the same look as what is not.
CREATE UNIQUE INDEX memory_block_single ON agentctl.memory_block
    (label, coalesce(account, ''), coalesce(user_id, ''), coalesce(conversation_id, ''));
CREATE INDEX memory_block_user ON agentctl.memory_block (account, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX memory_block_conversation ON agentctl.memory_block (conversation_id) WHERE conversation_id IS NOT NULL;
COMMENT ON TABLE agentctl.memory_block IS
    'What stands in blocks now. A row is made when a block is first shown or edited; before, its definition''s value '
    'is what stands in it.';
COMMENT ON COLUMN agentctl.memory_block.id IS 'Identifies the block.';
COMMENT ON COLUMN agentctl.memory_block.label IS 'Name of its definition, by which agents name it.';
COMMENT ON COLUMN agentctl.memory_block.account IS
    'The database user whose end user''s block it is: two applications'' users of one name are two.';
COMMENT ON COLUMN agentctl.memory_block.user_id IS 'The end user whose block it is; NULL of every other.';
COMMENT ON COLUMN agentctl.memory_block.conversation_id IS 'The conversation whose block it is; NULL of every other.';
COMMENT ON COLUMN agentctl.memory_block.version IS 'Counts from 1; each edit is one more.';
COMMENT ON COLUMN agentctl.memory_block.value IS 'What stands in it.';

CREATE TABLE agentctl.memory_block_version (
    block_id bigint NOT NULL REFERENCES agentctl.memory_block ON DELETE CASCADE,
    version integer NOT NULL CHECK (version > 0),
    value text NOT NULL CHECK (length(value) <= 100000),
    edit text COLLATE "C" NOT NULL CHECK (edit IN ('start', 'insert', 'replace', 'rethink', 'undo')),
    agent text COLLATE "C" CHECK (octet_length(agent) <= 200),
    conversation_id text COLLATE "C",
    seq bigint,
    created_by text NOT NULL DEFAULT agentctl.caller(),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (block_id, version),
    CHECK ((conversation_id IS NULL) = (seq IS NULL))
);
CREATE INDEX memory_block_version_conversation ON agentctl.memory_block_version (conversation_id)
    WHERE conversation_id IS NOT NULL;
COMMENT ON TABLE agentctl.memory_block_version IS 'What stood in blocks, the last 1,000 versions of each.';
COMMENT ON COLUMN agentctl.memory_block_version.block_id IS 'The block.';
COMMENT ON COLUMN agentctl.memory_block_version.version IS 'Counts from 1 within the block.';
COMMENT ON COLUMN agentctl.memory_block_version.value IS 'What stood in it.';
COMMENT ON COLUMN agentctl.memory_block_version.edit IS
    'What made it: start (the definition''s value), insert, replace, rethink or undo.';
COMMENT ON COLUMN agentctl.memory_block_version.agent IS 'The agent that made it; NULL for a database user.';
COMMENT ON COLUMN agentctl.memory_block_version.conversation_id IS
    'The conversation in which the agent made it; NULL for a database user, and when the conversation was deleted.';
COMMENT ON COLUMN agentctl.memory_block_version.seq IS 'The turn that made it.';
COMMENT ON COLUMN agentctl.memory_block_version.created_by IS
    'Database user who made it; of an agent, who began the conversation.';
COMMENT ON COLUMN agentctl.memory_block_version.created_at IS 'When it was made.';

CREATE TABLE agentctl.memory_block_shown (
    conversation_id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    block_id bigint NOT NULL,
    is_edit boolean NOT NULL,
    version integer NOT NULL,
    description text NOT NULL,
    character_limit integer NOT NULL,
    is_read_only boolean NOT NULL,
    PRIMARY KEY (conversation_id, seq, block_id, is_edit),
    FOREIGN KEY (block_id, version) REFERENCES agentctl.memory_block_version ON DELETE CASCADE
);
CREATE INDEX memory_block_shown_version ON agentctl.memory_block_shown (block_id, version);
COMMENT ON TABLE agentctl.memory_block_shown IS
    'Which versions of blocks the turns of a conversation were shown, by reference: what is deleted is shown nowhere.';
COMMENT ON COLUMN agentctl.memory_block_shown.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.memory_block_shown.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.memory_block_shown.block_id IS 'The block.';
COMMENT ON COLUMN agentctl.memory_block_shown.is_edit IS
    'Whether the turn saw it as the output of its own edit; else before the user''s message.';
COMMENT ON COLUMN agentctl.memory_block_shown.version IS 'The version; of several edits the last.';
COMMENT ON COLUMN agentctl.memory_block_shown.description IS
    'What its definition said then that it is for: a later definition changes nothing that was shown.';
COMMENT ON COLUMN agentctl.memory_block_shown.character_limit IS 'Most characters, as its definition said then.';
COMMENT ON COLUMN agentctl.memory_block_shown.is_read_only IS
    'Whether only people might edit it, as its definition said then.';
