-- What a turn tells when it is stored is one row, not a row for each event: agentctl.unpacked_events reads it.

-- Whatever types there are by now, and one more. What is stored fits: the table need not be read for that.
DO $types$
BEGIN
    EXECUTE (
        SELECT format('ALTER TABLE agentctl.event DROP CONSTRAINT event_type, ADD CONSTRAINT event_type '
            'CHECK (type IN (%s, ''several'')) NOT VALID', string_agg(DISTINCT quote_literal(t.found[1]), ', '))
        FROM pg_constraint AS c
        CROSS JOIN LATERAL regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g') AS t (found)
        WHERE c.conrelid = 'agentctl.event'::regclass AND c.conname = 'event_type');
END $types$;
COMMENT ON TABLE agentctl.event IS
    'What happened in a conversation, as a stream that a client can resume: an event a row, or several of one turn. '
    'Partitioned by month.';
COMMENT ON COLUMN agentctl.event.number IS
    'Counts from 1 within the conversation, without gaps; of several events the last one''s.';
COMMENT ON COLUMN agentctl.event.type IS
    'What happened; docs/conversations.md has the list. several: what data lists.';
COMMENT ON COLUMN agentctl.event.data IS
    'What belongs to the type. Of several events [number of the turn''s first message, event, …], each as event_data() '
    'takes it.';
