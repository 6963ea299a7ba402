-- The kinds of documents that can be registered.
INSERT INTO agentctl.definition_kind AS k (kind, description) VALUES
    ('model', 'A language model behind an API, or the offline rules provider.'),
    ('endpoint', 'A server of models: where it is, how it is asked, and when it is not asked any more.'),
    ('tool', 'Something an agent can call: a row that names an implementation.'),
    ('agent', 'A system prompt, a model, tools and limits.'),
    ('function', 'Code that an agent, a command or a statement can call: a row with its source.'),
    ('chain', 'Several agents, tools and functions that work as one; or which agent may hand on to which.'),
    ('plan', 'A template that plans are made from: what it is asked for, its steps, and what recovers them.'),
    ('policy', 'Rules that decide which tool calls run, which a person is asked about and which are refused.'),
    ('guardrail',
        'A check of what is said to an agent, of what it says or of what its tools return, and what is done when it '
        'finds something.'),
    ('schedule', 'A message or task that is sent at the times that a cron text names.'),
    ('block', 'A short text that agents always have before them and may edit, shared by all, or one per user or conversation.'),
    ('hook', 'A service that is told, by a signed HTTP request, of what has happened.')
ON CONFLICT (kind) DO UPDATE SET description = excluded.description
WHERE k.description <> excluded.description;
