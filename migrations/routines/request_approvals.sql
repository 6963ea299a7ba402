CREATE OR REPLACE FUNCTION agentctl.request_approvals(conversation text, seq bigint, requests jsonb) RETURNS timestamptz
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wakes timestamptz;
BEGIN
    WITH asked AS (
        INSERT INTO approval (conversation_id, seq, call_number, place, tool, arguments, agent, subject, rule,
            expires_at)
        SELECT request_approvals.conversation, request_approvals.seq, r.call_number, coalesce(r.place, 'call'), r.tool,
               r.arguments, r.agent, r.subject, r.rule, clock_timestamp() + make_interval(secs => r.timeout)
        FROM jsonb_to_recordset(requests) AS r (
            call_number integer, place text, tool text, arguments text, agent text, subject text, rule text,
            timeout double precision)
        ON CONFLICT (conversation_id, seq, call_number, place) DO UPDATE SET expires_at = excluded.expires_at
        RETURNING expires_at
    )
    SELECT min(asked.expires_at) INTO wakes FROM asked;
    RETURN wakes;
END $$;
COMMENT ON FUNCTION agentctl.request_approvals(text, bigint, jsonb) IS
    'Stores requests for approval; returns when the first of them expires. Internal: save_progress() calls it.';
REVOKE ALL ON FUNCTION agentctl.request_approvals(text, bigint, jsonb) FROM PUBLIC;
