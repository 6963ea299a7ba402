-- The agents of a handoff answer in turns of their own names: for which chain, only the turn itself can tell later.
ALTER TABLE agentctl.turn ADD COLUMN chain_version_id bigint;
COMMENT ON COLUMN agentctl.turn.chain_version_id IS
    'Of an agent that answered for a handoff: the version of the chain, an id in definition_version; else NULL.';
ALTER TABLE agentctl.turn_progress ADD COLUMN chain_version_id bigint;
COMMENT ON COLUMN agentctl.turn_progress.chain_version_id IS
    'Of an agent that answers for a handoff: the version of the chain, an id in definition_version; else NULL.';

-- Who else may read a conversation.
CREATE TABLE agentctl.conversation_grant (
    conversation_id text COLLATE "C" NOT NULL REFERENCES agentctl.conversation ON DELETE CASCADE,
    cluster text COLLATE "C" NOT NULL,
    role oid NOT NULL,
    role_name text COLLATE "C" NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    granted_by text NOT NULL DEFAULT agentctl.keep_account(),
    PRIMARY KEY (conversation_id, cluster, role)
);
COMMENT ON TABLE agentctl.conversation_grant IS
    'Roles that may read a conversation, and those of its tasks, beside the one that began it.';
COMMENT ON COLUMN agentctl.conversation_grant.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.conversation_grant.cluster IS 'The system identifier of the cluster that the oid is of.';
COMMENT ON COLUMN agentctl.conversation_grant.role IS 'The oid of the role whose members may read it.';
COMMENT ON COLUMN agentctl.conversation_grant.role_name IS 'The name under which the role was last seen.';
COMMENT ON COLUMN agentctl.conversation_grant.granted_at IS 'When it was granted.';
COMMENT ON COLUMN agentctl.conversation_grant.granted_by IS 'Account that granted it.';

-- Whatever types there are by now, and one more. What is stored fits: the table need not be read for that.
DO $types$
BEGIN
    EXECUTE (
        SELECT format('ALTER TABLE agentctl.event DROP CONSTRAINT event_type, ADD CONSTRAINT event_type '
            'CHECK (type IN (%s, ''redone'')) NOT VALID', string_agg(DISTINCT quote_literal(t.found[1]), ', '))
        FROM pg_constraint AS c
        CROSS JOIN LATERAL regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g') AS t (found)
        WHERE c.conrelid = 'agentctl.event'::regclass AND c.conname = 'event_type');
END $types$;
