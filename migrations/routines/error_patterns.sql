-- What the view of the same name shows, of some of it.
CREATE OR REPLACE FUNCTION agentctl.error_patterns(
    of_agent text DEFAULT NULL, since timestamptz DEFAULT NULL, until timestamptz DEFAULT NULL
) RETURNS TABLE (
    source text, subject text, error_code text, occurrences bigint, conversations bigint, last_message text,
    first_at timestamptz, last_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT m.source, m.subject, m.error_code, m.occurrences, m.conversations, m.last_message, m.first_at, m.last_at
    FROM agentctl.error_patterns_by(NULL, error_patterns.of_agent, error_patterns.since, error_patterns.until) AS m
$$;
COMMENT ON FUNCTION agentctl.error_patterns(text, timestamptz, timestamptz) IS
    'What goes wrong, by class: turns, model calls and tool calls. '
    'Of one agent''s turns, and of what began from since on and before until, as far as they are given.';
REVOKE ALL ON FUNCTION agentctl.error_patterns(text, timestamptz, timestamptz) FROM PUBLIC;
