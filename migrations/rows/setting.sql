-- The settings with their defaults. A value that an administrator has given stays.
INSERT INTO agentctl.setting AS s (name, type, minimum, maximum, value, description) VALUES
    ('default_agent', 'text', NULL, NULL, 'assistant',
        'The agent of messages that name none and that routing finds none for.'),
    ('route_threshold', 'number', 0, 1, '0.25',
        'Least score, from 0 to 1, with which routing sends a message to an agent.'),
    ('route_language', 'text', NULL, NULL, 'english', 'Text search configuration that reduces words for routing.'),
    ('planning_agent', 'text', NULL, NULL, '',
        'The agent that plans tasks that no plan template fits; empty for none.'),
    ('embedder', 'text', NULL, NULL, '',
        'The model of purpose embedding by whose vectors memories are found by meaning; empty: by words alone.'),
    ('worker_ttl', 'number', 0.5, 86400, '10', 'Seconds without a heartbeat after which a worker counts as lost.'),
    ('max_attempts', 'integer', 1, 32766, '5',
        'Times a submission may be claimed without being finished before it is failed.'),
    ('max_message_bytes', 'integer', 1, 67108864, '1048576',
        'Largest message or input that submit() takes, in bytes.'),
    ('max_ready', 'integer', 0, 1000000000, '0',
        'Most conversations that may wait for a worker before submissions of clients are refused; 0 for no limit.'),
    ('max_ready_per_user', 'integer', 0, 1000000000, '0',
        'The same for the conversations of one user; 0 for no limit.'),
    ('breaker_failures', 'integer', 0, 1000000, '5',
        'Failures at an endpoint of models after which no worker asks it for a while, when they are half of its calls; '
        '0 for never.'),
    ('breaker_window', 'number', 1, 86400, '20', 'Seconds within which they are counted.'),
    ('breaker_wait', 'number', 0.1, 86400, '5',
        'Seconds until one call finds out whether such an endpoint answers again; it doubles each time that it does '
        'not.'),
    ('breaker_longest', 'number', 0.1, 86400, '300', 'Longest such wait, in seconds.'),
    ('retention', 'text', NULL, NULL, '',
        'How long workers keep what nobody uses any more, such as 90 days; empty for ever.'),
    ('notify_clients', 'text', NULL, NULL, 'off',
        'on: the channel agentctl_events is notified of replies and approvals, for whoever may connect to LISTEN to.'),
    ('default_policy', 'text', NULL, NULL, 'default',
        'The policy that decides about the calls of every agent, after the policies that the agent names.')
ON CONFLICT (name) DO UPDATE
SET description = excluded.description, type = excluded.type, minimum = excluded.minimum, maximum = excluded.maximum
WHERE (s.description, s.type, s.minimum, s.maximum)
    IS DISTINCT FROM (excluded.description, excluded.type, excluded.minimum, excluded.maximum);
