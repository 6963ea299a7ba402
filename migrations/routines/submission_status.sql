-- reply() for many: nothing of one row ends the statement. The views decide what a status is.
CREATE OR REPLACE FUNCTION agentctl.submission_status(conversation text, seq bigint)
RETURNS TABLE (
    conversation_id text, answered_by bigint, status text, reply text, agent text, version integer, error_code text,
    error_message text, submitted_at timestamptz, started_at timestamptz, finished_at timestamptz, cost_usd numeric
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    whole text := agentctl.conversation_id(submission_status.conversation);
BEGIN
    RETURN QUERY
    SELECT a.conversation_id, a.seq, a.status,
           (SELECT m.content FROM message AS m
            WHERE t.status = 'succeeded' AND m.conversation_id = t.conversation_id AND m.number = t.last_message
              AND m.role = 'assistant'),
           t.agent, t.agent_version, a.error_code, a.error_message, asked.created_at, a.started_at, a.finished_at,
           t.cost_usd
    FROM conversation AS v
    JOIN submission AS asked ON asked.conversation_id = v.id AND asked.seq = submission_status.seq
    -- A message that another turn took up is answered by that turn.
    JOIN submissions AS a ON a.conversation_id = v.id AND a.seq = coalesce(asked.taken_by, asked.seq)
    LEFT JOIN turn AS t ON t.conversation_id = v.id AND t.seq = a.seq
        AND t.started_at >= a.submitted_at - interval '1 day'
    WHERE v.id = whole AND agentctl.may_see(v.created_by);
END $$;
COMMENT ON FUNCTION agentctl.submission_status(text, bigint) IS
    'How a submission of the caller''s stands, with its reply or its error; no row when there is none. answered_by is '
    'another turn when that took the message up. The words of status are those of agentctl.submissions.';
REVOKE ALL ON FUNCTION agentctl.submission_status(text, bigint) FROM PUBLIC;
