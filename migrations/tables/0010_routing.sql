-- Routing: which agent answers a message that names none.
--
-- An inverted index of the words that agents answer for, kept with every change of what is in force. The text search
-- of the server has no inverse document frequency and scores every row that has one of the words; here rare words
-- decide, and the work of a decision is bounded whatever the number of agents.

CREATE TABLE agentctl.route_index (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    agents integer NOT NULL DEFAULT 0,
    language text,
    refreshed_at timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO agentctl.route_index DEFAULT VALUES;
COMMENT ON TABLE agentctl.route_index IS
    'The index of agents as a whole: one row. A change of the index locks it first.';
COMMENT ON COLUMN agentctl.route_index.only_row IS 'Always true: there is one row.';
COMMENT ON COLUMN agentctl.route_index.agents IS 'How many agents the index has.';
COMMENT ON COLUMN agentctl.route_index.language IS
    'Text search configuration that its words were made with; NULL until it is built.';
COMMENT ON COLUMN agentctl.route_index.refreshed_at IS 'When success rates and load were last counted.';

CREATE TABLE agentctl.route_agent (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    capabilities text[] NOT NULL,
    required_members text[],
    success_rate real NOT NULL DEFAULT 0.5,
    turns integer NOT NULL DEFAULT 0,
    open integer NOT NULL DEFAULT 0
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX route_agent_capabilities ON agentctl.route_agent USING gin (capabilities) WITH (fastupdate = off);
COMMENT ON TABLE agentctl.route_agent IS 'The agents in force that messages are routed to.';
COMMENT ON COLUMN agentctl.route_agent.id IS 'Identifies the agent within the index.';
COMMENT ON COLUMN agentctl.route_agent.name IS 'Name of the agent.';
COMMENT ON COLUMN agentctl.route_agent.capabilities IS 'Its capabilities.';
COMMENT ON COLUMN agentctl.route_agent.required_members IS
    'Members that its input schema requires; NULL when it has no schema and takes text only.';
COMMENT ON COLUMN agentctl.route_agent.success_rate IS
    'Share of its turns that succeeded, from 0 to 1: (succeeded + 1) / (turns + 2).';
COMMENT ON COLUMN agentctl.route_agent.turns IS 'Turns that the share was counted from.';
COMMENT ON COLUMN agentctl.route_agent.open IS 'Submissions that waited for it or ran when it was last counted.';

CREATE TABLE agentctl.route_posting (
    term text COLLATE "C",
    agent_id integer,
    weight real NOT NULL,
    PRIMARY KEY (term, agent_id) INCLUDE (weight)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);
CREATE INDEX route_posting_agent ON agentctl.route_posting (agent_id);
COMMENT ON TABLE agentctl.route_posting IS 'Which agent answers for which word.';
COMMENT ON COLUMN agentctl.route_posting.term IS 'The word, as the configuration of the index reduces it.';
COMMENT ON COLUMN agentctl.route_posting.agent_id IS 'The agent, a row of route_agent.';
COMMENT ON COLUMN agentctl.route_posting.weight IS
    'How much the word says about the agent: 1 in its name or capabilities, 0.8 in an example, 0.5 in its description '
    'or as a member of its input.';

CREATE TABLE agentctl.route_term (
    term text COLLATE "C" PRIMARY KEY,
    agents integer NOT NULL
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
COMMENT ON TABLE agentctl.route_term IS 'How many agents have each word: rare words tell agents apart.';
COMMENT ON COLUMN agentctl.route_term.term IS 'The word.';
COMMENT ON COLUMN agentctl.route_term.agents IS 'Number of agents that have it.';

CREATE TABLE agentctl.route_capability (
    capability text COLLATE "C",
    success_rate real,
    agent_id integer,
    PRIMARY KEY (capability, success_rate, agent_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
COMMENT ON TABLE agentctl.route_capability IS 'Which agents have which capability, in order of their success rate.';
COMMENT ON COLUMN agentctl.route_capability.capability IS 'The capability.';
COMMENT ON COLUMN agentctl.route_capability.success_rate IS 'The agent''s success rate, as in route_agent.';
COMMENT ON COLUMN agentctl.route_capability.agent_id IS 'The agent, a row of route_agent.';

CREATE TABLE agentctl.routing (
    conversation_id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    agent text COLLATE "C" NOT NULL,
    is_default boolean NOT NULL,
    score real NOT NULL,
    threshold real NOT NULL,
    candidates jsonb NOT NULL CHECK (jsonb_typeof(candidates) = 'array'),
    epoch bigint NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (conversation_id, seq),
    FOREIGN KEY (conversation_id, seq) REFERENCES agentctl.submission ON DELETE CASCADE
);
CREATE INDEX routing_agent ON agentctl.routing (agent, decided_at);
COMMENT ON TABLE agentctl.routing IS 'Why submissions that named no agent went to the agent that they went to.';
COMMENT ON COLUMN agentctl.routing.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.routing.seq IS 'The submission.';
COMMENT ON COLUMN agentctl.routing.agent IS 'The agent that was chosen.';
COMMENT ON COLUMN agentctl.routing.is_default IS
    'No agent reached the threshold: the default agent was chosen, or the conversation''s own.';
COMMENT ON COLUMN agentctl.routing.score IS
    'Share of what the message says that the best agent answers for, from 0 to 1; 0 when there was none.';
COMMENT ON COLUMN agentctl.routing.threshold IS 'The setting route_threshold at that time.';
COMMENT ON COLUMN agentctl.routing.candidates IS
    'The best agents, at most five, best first: [{agent, score, words, success_rate, turns, open}]. words has the part '
    'of the score that each word of the message adds.';
COMMENT ON COLUMN agentctl.routing.epoch IS 'The epoch of the definitions that the decision was made with.';
COMMENT ON COLUMN agentctl.routing.decided_at IS 'When it was decided.';
