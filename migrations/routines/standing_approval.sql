-- replaces: standing_approval(text, text, text, text)
-- Whether somebody has decided about calls like this one for longer than once. Who allows a call by one rule does not
-- allow it by a rule that asks others, nor what another version of the tool does; what was denied stays denied
-- until somebody allows it, be it for another version.
CREATE OR REPLACE FUNCTION agentctl.standing_approval(
    conversation text, agent text, tool text, subject text, approvers text[], not_requester boolean,
    version bigint
) RETURNS agentctl.approval_state
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT CASE WHEN a.state = 'denied' OR a.tool_version_id IS NOT DISTINCT FROM standing_approval.version
                   THEN a.state END
        FROM agentctl.approval AS a
        WHERE a.tool = standing_approval.tool AND md5(a.subject) = md5(standing_approval.subject)
          AND a.subject = standing_approval.subject
          AND a.scope <> 'once' AND a.state IN ('approved', 'denied')
          AND CASE a.scope WHEN 'conversation' THEN a.conversation_id = standing_approval.conversation
              ELSE a.agent = standing_approval.agent END
          AND (a.state = 'denied' OR a.approvers IS NOT DISTINCT FROM standing_approval.approvers
              AND (a.not_requester OR NOT coalesce(standing_approval.not_requester, true)))
        ORDER BY a.decided_at DESC LIMIT 1);
END $$;
COMMENT ON FUNCTION agentctl.standing_approval(text, text, text, text, text[], boolean, bigint) IS
    'The last decision with a scope beyond once that covers a call: approved, denied, or NULL. An approval covers only '
    'the version of the tool that was asked about, and what is asked of the same approvers, and, unless they could allow it themselves, not what '
    'its requesters allowed; of another version, the last one leaves it to be asked.';
REVOKE ALL ON FUNCTION agentctl.standing_approval(text, text, text, text, text[], boolean, bigint) FROM PUBLIC;

-- Workers of the release before 0028 call it while they end; they do not say which version. It goes with the next release.
CREATE OR REPLACE FUNCTION agentctl.standing_approval(
    conversation text, agent text, tool text, subject text, approvers text[], not_requester boolean
) RETURNS agentctl.approval_state
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
    SELECT agentctl.standing_approval(conversation, agent, tool, subject, approvers, not_requester, NULL)
$$;
COMMENT ON FUNCTION agentctl.standing_approval(text, text, text, text, text[], boolean) IS
    'As the other one, for workers of the release before: of what has a version only what was denied stands.';
REVOKE ALL ON FUNCTION agentctl.standing_approval(text, text, text, text, text[], boolean) FROM PUBLIC;
