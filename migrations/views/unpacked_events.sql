CREATE OR REPLACE VIEW agentctl.unpacked_events AS
SELECT e.conversation_id,
       CASE e.type WHEN 'several' THEN e.number - jsonb_array_length(e.data) + 1 + p.ordinality ELSE e.number END
           AS number,
       e.seq,
       CASE e.type WHEN 'several' THEN p.value ->> 0 ELSE e.type END AS type,
       CASE e.type WHEN 'several' THEN agentctl.event_data(p.value, (e.data -> 0)::bigint) ELSE e.data END AS data,
       e.at,
       e.number AS last_number
FROM agentctl.event AS e
CROSS JOIN LATERAL jsonb_array_elements(CASE e.type WHEN 'several' THEN e.data - 0 ELSE '[null]' END)
    WITH ORDINALITY AS p;
COMMENT ON VIEW agentctl.unpacked_events IS
    'The events, one a row, without the messages that they are about. Internal: what reads events reads it.';
COMMENT ON COLUMN agentctl.unpacked_events.conversation_id IS 'The conversation.';
COMMENT ON COLUMN agentctl.unpacked_events.number IS 'Counts from 1 within the conversation, without gaps.';
COMMENT ON COLUMN agentctl.unpacked_events.seq IS 'The turn that it belongs to.';
COMMENT ON COLUMN agentctl.unpacked_events.type IS 'What happened: docs/conversations.md has the list.';
COMMENT ON COLUMN agentctl.unpacked_events.data IS 'What belongs to the type.';
COMMENT ON COLUMN agentctl.unpacked_events.at IS 'When it was stored.';
COMMENT ON COLUMN agentctl.unpacked_events.last_number IS
    'The number of the last event that is stored in the same row: by it rows are found.';
