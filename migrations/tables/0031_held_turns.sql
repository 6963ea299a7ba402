CREATE TYPE agentctl.held_turn AS (
    conversation_id text,
    seq bigint,
    started_at timestamptz,
    began_at timestamptz,
    submitted_at timestamptz,
    first_message bigint,
    last_message bigint,
    last_event bigint,
    attempt smallint,
    worker_id bigint,
    has_progress boolean,
    is_steered boolean,
    is_stopped boolean,
    task_id bigint,
    record jsonb
);
COMMENT ON TYPE agentctl.held_turn IS
    'A turn whose conversation''s row is locked, as it is before more of it is stored: when the turn and the attempt '
    'began, its first message, the last message and event of the conversation, and what is to be stored.';
