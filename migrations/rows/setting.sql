-- The settings with their defaults. A value that an administrator has given stays.
INSERT INTO agentctl.setting AS s (name, value, description) VALUES
    ('default_agent', 'assistant', 'The agent of messages that name none and that routing finds none for.'),
    ('route_threshold', '0.25', 'Least score, from 0 to 1, with which routing sends a message to an agent.'),
    ('route_language', 'english', 'Text search configuration that reduces words for routing.'),
    ('planning_agent', '', 'The agent that plans tasks that no plan template fits; empty for none.'),
    ('worker_ttl', '10', 'Seconds without a heartbeat after which a worker counts as lost.'),
    ('max_attempts', '5', 'Times a submission may be claimed without being finished before it is failed.'),
    ('max_message_bytes', '1048576', 'Largest message or input that submit() takes, in bytes.'),
    ('retention', '', 'How long workers keep what nobody uses any more, such as 90 days; empty for ever.'),
    ('default_policy', 'default',
        'The policy that decides about the calls of every agent, after the policies that the agent names.')
ON CONFLICT (name) DO UPDATE SET description = excluded.description
WHERE s.description <> excluded.description;
