-- Whether somebody has decided about calls like this one for longer than once.
CREATE OR REPLACE FUNCTION agentctl.standing_approval(conversation text, agent text, tool text, subject text)
    RETURNS agentctl.approval_state
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT a.state FROM agentctl.approval AS a
        WHERE a.tool = standing_approval.tool AND md5(a.subject) = md5(standing_approval.subject)
          AND a.subject = standing_approval.subject
          AND a.scope <> 'once' AND a.state IN ('approved', 'denied')
          AND CASE a.scope WHEN 'conversation' THEN a.conversation_id = standing_approval.conversation
              ELSE a.agent = standing_approval.agent END
        ORDER BY a.decided_at DESC LIMIT 1);
END $$;
COMMENT ON FUNCTION agentctl.standing_approval(text, text, text, text) IS
    'The last decision with a scope beyond once that covers a call: approved, denied, or NULL.';
REVOKE ALL ON FUNCTION agentctl.standing_approval(text, text, text, text) FROM PUBLIC;
