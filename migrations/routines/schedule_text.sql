CREATE OR REPLACE FUNCTION agentctl.schedule_text(template text, due_at timestamptz, time_zone text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
DECLARE
    shown text := (SELECT t.iso FROM agentctl.time_in(time_zone, due_at) AS t);
BEGIN
    RETURN regexp_replace(regexp_replace(template, '{{ *due *}}', shown, 'g'),
        '{{ *date *}}', left(shown, 10), 'g');
END $$;
COMMENT ON FUNCTION agentctl.schedule_text(text, timestamptz, text) IS
    'What a schedule sends: {{due}} is the time at which it was due, in ISO 8601 by the clocks of its time zone, '
    '{{date}} the day. Internal.';
REVOKE ALL ON FUNCTION agentctl.schedule_text(text, timestamptz, text) FROM PUBLIC;
