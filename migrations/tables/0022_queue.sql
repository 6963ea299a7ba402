-- The queue: accounts take turns in it, and who claims begins where the last claim ended.

-- In one number, so that a place in the index is one comparison.
ALTER TABLE agentctl.conversation_control
    DROP COLUMN bucket,
    ADD COLUMN account_key integer NOT NULL DEFAULT 0,
    ADD COLUMN lane integer NOT NULL GENERATED ALWAYS AS (-2 * depth - has_progress::integer) STORED;
COMMENT ON COLUMN agentctl.conversation_control.account_key IS
    'Hash of the account that the conversation is of: of what has the same priority, accounts take turns.';
COMMENT ON COLUMN agentctl.conversation_control.lane IS
    'Lower is claimed first of what an account has ready: deep before shallow, so that a tree is finished before '
    'another is begun, and what has progress before what has none.';
-- Before the rows are rewritten, as each would be entered in it again.
DROP INDEX agentctl.conversation_ready;
UPDATE agentctl.conversation_control AS c SET account_key = greatest(hashtext(v.created_by), -2147483647)
FROM agentctl.conversation AS v WHERE v.id = c.conversation_id;

CREATE INDEX conversation_ready
    ON agentctl.conversation_control (priority, account_key, lane, ready_at, conversation_id)
    WHERE state = 'ready';

-- A submission locks the row of its conversation, which nobody updates, and not that of its state. A lock by a
-- subtransaction, as a turn that delegates has one, would make the claim that follows in its transaction note both, and
-- of a row with two such notes no scan finds out that it is dead: the entries would stay in the index.
ALTER TABLE agentctl.submission DROP CONSTRAINT submission_conversation_id_fkey;
ALTER TABLE agentctl.submission ADD CONSTRAINT submission_conversation_id_fkey
    FOREIGN KEY (conversation_id) REFERENCES agentctl.conversation ON DELETE CASCADE;

-- What a session remembers of its claims, as text in the setting agentctl.claimer.
CREATE TYPE agentctl.worked_off AS (
    priority smallint,
    account_key integer,
    lane integer,
    until timestamptz
);
COMMENT ON TYPE agentctl.worked_off IS
    'A beginning of a lane in the queue that has nothing to claim: what has become ready before a time.';
CREATE TYPE agentctl.claimer AS (
    account_key integer,
    swept_at timestamptz,
    entries integer,
    worked_off agentctl.worked_off[]
);
COMMENT ON TYPE agentctl.claimer IS
    'What a session remembers of its claims: whose turn was last; and where the queue is long to read, when it was '
    'read from its beginning, how many entries that were, and what is not read again for a while, in order.';
