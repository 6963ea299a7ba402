-- Runs of chains. A chain answers like an agent: a message, a task or a conversation names it wherever it names an
-- agent. Its turn stores each visit of a node when that has ended, so that no attempt runs it again.

-- An agent or a chain: a foreign key cannot say so, responder_kind() does.
ALTER TABLE agentctl.conversation DROP COLUMN agent_kind;
COMMENT ON COLUMN agentctl.conversation.agent IS 'Agent or chain of messages that name no other.';

CREATE TYPE agentctl.node_status AS ENUM ('succeeded', 'failed');

CREATE TABLE agentctl.node_run (
    conversation_id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    node text COLLATE "C" NOT NULL,
    visit smallint NOT NULL CHECK (visit > 0),
    level smallint NOT NULL CHECK (level > 0),
    position smallint NOT NULL CHECK (position > 0),
    after text[] COLLATE "C" NOT NULL DEFAULT '{}',
    status agentctl.node_status NOT NULL,
    attempt smallint NOT NULL DEFAULT 1 CHECK (attempt > 0),
    input jsonb,
    output jsonb,
    writes jsonb CHECK (jsonb_typeof(writes) = 'object'),
    choices text[] COLLATE "C",
    task integer CHECK (task > 0),
    error_code text,
    error_message text,
    copied_from text COLLATE "C",
    started_at timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, seq, number, finished_at)
) PARTITION BY RANGE (finished_at);
COMMENT ON TABLE agentctl.node_run IS
    'The visits of nodes that have ended, in runs of chains: what a run resumes from, and can be run again from.';
COMMENT ON COLUMN agentctl.node_run.conversation_id IS 'Conversation of the run.';
COMMENT ON COLUMN agentctl.node_run.seq IS 'Submission of the run.';
COMMENT ON COLUMN agentctl.node_run.number IS 'Counts from 1 within the run, in the order in which they ended.';
COMMENT ON COLUMN agentctl.node_run.node IS 'Name of the node.';
COMMENT ON COLUMN agentctl.node_run.visit IS 'Counts from 1: nodes of a loop are visited several times.';
COMMENT ON COLUMN agentctl.node_run.level IS 'The longest way of visits to it, from 1.';
COMMENT ON COLUMN agentctl.node_run.position IS
    'The node''s place in the order of the chain. What nodes wrote is folded by level, position and visit.';
COMMENT ON COLUMN agentctl.node_run.after IS 'The visits that led to it, as node#visit.';
COMMENT ON COLUMN agentctl.node_run.status IS 'How it ended.';
COMMENT ON COLUMN agentctl.node_run.attempt IS 'The attempt that ended it, from 1.';
COMMENT ON COLUMN agentctl.node_run.input IS 'What it was sent; NULL where nothing could be made of its templates.';
COMMENT ON COLUMN agentctl.node_run.output IS 'What it gave.';
COMMENT ON COLUMN agentctl.node_run.writes IS 'What it wrote, by key of the state.';
COMMENT ON COLUMN agentctl.node_run.choices IS 'The nodes that its agent chose to go to.';
COMMENT ON COLUMN agentctl.node_run.task IS
    'The number of its first task within the run; NULL for none. The group_key of all begins with node#visit.';
COMMENT ON COLUMN agentctl.node_run.error_code IS 'Class of error, when it failed.';
COMMENT ON COLUMN agentctl.node_run.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.node_run.copied_from IS
    'The run that it was copied from, as conversation/seq: it was not run again; NULL for one of this run.';
COMMENT ON COLUMN agentctl.node_run.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.node_run.finished_at IS 'When it was stored.';

-- Where an agent chooses the way of a run, its task names the ways.
ALTER TABLE agentctl.task
    ADD COLUMN choices text[] COLLATE "C",
    ADD COLUMN choices_made text[] COLLATE "C";
COMMENT ON COLUMN agentctl.task.choices IS 'The nodes of a chain that its agent may choose to go to; NULL for none.';
COMMENT ON COLUMN agentctl.task.choices_made IS 'Those that it chose.';

ALTER TABLE agentctl.event DROP CONSTRAINT event_type;
ALTER TABLE agentctl.event ADD CONSTRAINT event_type CHECK (type IN (
    'turn_started', 'message', 'steered', 'tool_call_requested', 'approval_requested', 'guardrail_hit', 'waiting',
    'approval_decided', 'call_in_doubt', 'call_resolved', 'tool_started', 'tool_finished', 'compacted',
    'compaction_undone', 'undone', 'settings_changed', 'limit_reached', 'interrupted', 'error', 'turn_complete',
    'closed', 'task_assigned', 'task_finished', 'node_finished', 'handed_over'));
