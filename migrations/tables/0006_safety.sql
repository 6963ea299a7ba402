-- Safety: what waits for a person, and what was refused or found.

CREATE TYPE agentctl.approval_state AS ENUM ('pending', 'approved', 'denied', 'expired');
CREATE TYPE agentctl.approval_scope AS ENUM ('once', 'conversation', 'always');

CREATE TABLE agentctl.approval (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id text COLLATE "C" NOT NULL REFERENCES agentctl.conversation ON DELETE CASCADE,
    seq bigint NOT NULL,
    call_number integer NOT NULL,
    tool text COLLATE "C" NOT NULL,
    arguments text NOT NULL,
    state agentctl.approval_state NOT NULL DEFAULT 'pending',
    scope agentctl.approval_scope NOT NULL DEFAULT 'once',
    reason text,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz,
    decided_at timestamptz,
    decided_by text,
    -- A person may be asked about what is said, and about what a tool returned, as about a call.
    place text COLLATE "C" NOT NULL DEFAULT 'call' CHECK (place IN ('call', 'input', 'tool_output')),
    agent text COLLATE "C" NOT NULL DEFAULT '',
    subject text NOT NULL DEFAULT '' CHECK (octet_length(subject) <= 1000),
    rule text NOT NULL DEFAULT '',
    UNIQUE (conversation_id, seq, call_number, place),
    CHECK ((state IN ('approved', 'denied')) = (decided_by IS NOT NULL))
);
CREATE INDEX approval_pending ON agentctl.approval (requested_at) WHERE state = 'pending';
CREATE INDEX approval_expiring ON agentctl.approval (expires_at) WHERE state = 'pending';
CREATE INDEX approval_standing ON agentctl.approval (tool, md5(subject)) WHERE scope <> 'once';
COMMENT ON TABLE agentctl.approval IS 'Tool calls that wait, or waited, for a person.';
COMMENT ON COLUMN agentctl.approval.id IS 'Identifies the request.';
COMMENT ON COLUMN agentctl.approval.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.approval.seq IS 'The turn.';
COMMENT ON COLUMN agentctl.approval.call_number IS 'The tool call within the turn; 0 for the message.';
COMMENT ON COLUMN agentctl.approval.tool IS 'The tool; for what a guardrail found, guardrail: and its name.';
COMMENT ON COLUMN agentctl.approval.arguments IS 'The arguments as the model wrote them.';
COMMENT ON COLUMN agentctl.approval.state IS 'pending, approved, denied or expired.';
COMMENT ON COLUMN agentctl.approval.scope IS 'What the decision covers.';
COMMENT ON COLUMN agentctl.approval.reason IS 'Given by whoever decided.';
COMMENT ON COLUMN agentctl.approval.requested_at IS 'When it was asked for.';
COMMENT ON COLUMN agentctl.approval.expires_at IS 'When it counts as denied.';
COMMENT ON COLUMN agentctl.approval.decided_at IS 'When it was decided.';
COMMENT ON COLUMN agentctl.approval.decided_by IS 'Database user who decided.';
COMMENT ON COLUMN agentctl.approval.place IS
    'What is asked about: the call; or what a guardrail found in the message (input) or in the call''s result '
    '(tool_output).';
COMMENT ON COLUMN agentctl.approval.agent IS 'The agent that asks.';
COMMENT ON COLUMN agentctl.approval.subject IS
    'What is asked about, in short: a command line, a method and host, a path, the arguments. A decision of a wider '
    'scope covers calls of the same tool with the same subject.';
COMMENT ON COLUMN agentctl.approval.rule IS 'The policy''s rule that asks.';

CREATE TABLE agentctl.security_event (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    kind text COLLATE "C" NOT NULL CONSTRAINT security_event_kind
        CHECK (kind IN ('system_call', 'denied_import', 'write_outside', 'denied_path', 'denied_host',
            'denied_statement', 'guardrail')),
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
COMMENT ON TABLE agentctl.security_event IS
    'What was tried and refused, and what guardrails found, one row each, at most 100 a call. Partitioned by month.';
COMMENT ON COLUMN agentctl.security_event.id IS 'Identifies the event.';
COMMENT ON COLUMN agentctl.security_event.kind IS
    'system_call, denied_import, write_outside, denied_path, denied_host, denied_statement or guardrail.';
COMMENT ON COLUMN agentctl.security_event.source IS
    'Who saw it: the kernel, the interpreter that the code runs in (which hostile code can avoid), or the service.';
COMMENT ON COLUMN agentctl.security_event.detail IS
    'The system call, module, path, host or statement; of a guardrail what it found, without the text that it found.';
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
