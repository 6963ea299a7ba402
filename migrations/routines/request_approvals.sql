-- replaces: request_approvals(text, bigint, jsonb)
CREATE OR REPLACE FUNCTION agentctl.request_approvals(
    conversation text, seq bigint, record jsonb, OUT wakes timestamptz, OUT events jsonb
)
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    requested jsonb;
BEGIN
    WITH asked AS (
        INSERT INTO approval (conversation_id, seq, call_number, place, tool, arguments, agent, subject, rule,
            expires_at, approvers, not_requester, cause, tool_version_id)
        SELECT request_approvals.conversation, request_approvals.seq, r.call_number, coalesce(r.place, 'call'), r.tool,
               r.arguments, r.agent, r.subject, r.rule, clock_timestamp() + make_interval(secs => r.timeout),
               r.approvers, coalesce(r.not_requester, true), left(r.cause, 2048),
               r.tool_version_id
        FROM jsonb_to_recordset(record -> 'approvals') AS r (
            call_number integer, place text, tool text, arguments text, agent text, subject text, rule text,
            timeout double precision, approvers text[], not_requester boolean, cause text, tool_version_id bigint)
        ON CONFLICT (conversation_id, seq, call_number, place) DO UPDATE SET expires_at = excluded.expires_at,
            -- Of what was asked before there were versions; else what was asked first is what is decided about.
            tool_version_id = coalesce(approval.tool_version_id, excluded.tool_version_id)
        RETURNING *
    )
    SELECT min(a.expires_at), jsonb_object_agg(a.call_number || ' ' || a.place, jsonb_strip_nulls(jsonb_build_object(
               'approval', a.id, 'expires_at', a.expires_at, 'approvers', to_jsonb(a.approvers), 'cause', a.cause,
               -- What is longer is in the view approvals.
               'arguments', CASE WHEN octet_length(a.arguments) <= 8192 THEN a.arguments END)))
    INTO wakes, requested FROM asked AS a;
    SELECT jsonb_agg(CASE
               WHEN e.value ->> 'type' = 'approval_requested' THEN e.value || jsonb_build_object('data',
                   (e.value -> 'data') || coalesce(requested -> (coalesce(e.value #>> '{data,call}', '0') || ' '
                       || coalesce(e.value #>> '{data,place}', 'call')), '{}'))
               ELSE e.value END ORDER BY e.ordinality)
    INTO events
    FROM jsonb_array_elements(record -> 'events') WITH ORDINALITY AS e;
END $$;
COMMENT ON FUNCTION agentctl.request_approvals(text, bigint, jsonb) IS
    'Stores the requests for approval of a record; returns when the first of them expires (wakes), and the record''s '
    'events, those that announce the requests with the approvals'' ids. Internal: save_progress() calls it.';
REVOKE ALL ON FUNCTION agentctl.request_approvals(text, bigint, jsonb) FROM PUBLIC;
