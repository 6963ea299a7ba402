-- What runs of chains, plans and schedules leave, in the documents of conversations.

-- Visits of nodes hold any JSON value.
ALTER TABLE agentctl.exchange_field DROP CONSTRAINT exchange_field_type_check,
    ADD CONSTRAINT exchange_field_type_check CHECK (type IN ('text', 'integer', 'number', 'boolean', 'time', 'uuid',
        'object', 'array', 'definition', 'value'));
COMMENT ON COLUMN agentctl.exchange_field.type IS
    'Type of its value; time is a text such as 2026-01-31T12:00:00.5+00:00, definition a text kind/name/version of '
    'the part definitions, value any JSON.';

CREATE INDEX schedule_run_of_turn ON agentctl.schedule_run (conversation_id, seq) WHERE conversation_id IS NOT NULL;
