CREATE OR REPLACE FUNCTION agentctl.may_resolve(conversation text, seq bigint, call integer, rule text)
    RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked record;
BEGIN
    -- The terms of the decision by which the call ran, which may have been made about an earlier one.
    SELECT a.approvers, a.not_requester INTO asked FROM approval AS a
    WHERE a.conversation_id = may_resolve.conversation AND a.seq = may_resolve.seq
      AND a.call_number = may_resolve.call AND a.place = 'call';
    IF NOT FOUND AND may_resolve.rule LIKE 'allow by %' THEN
        -- No approval was requested: the requesters of the turn know as much as others.
        RETURN agentctl.may_decide(NULL, false, may_resolve.conversation, may_resolve.seq);
    END IF;
    IF NOT FOUND THEN
        SELECT a.approvers, a.not_requester INTO asked
        FROM tool_call AS t
        JOIN approval AS a ON a.tool = t.tool AND a.state = 'approved'
            AND (a.scope = 'conversation' AND a.conversation_id = t.conversation_id OR a.scope = 'always')
        WHERE t.conversation_id = may_resolve.conversation AND t.seq = may_resolve.seq AND t.number = may_resolve.call
        ORDER BY a.decided_at DESC LIMIT 1;
    END IF;
    RETURN agentctl.may_decide(asked.approvers, coalesce(asked.not_requester, true), may_resolve.conversation,
        may_resolve.seq);
END $$;
COMMENT ON FUNCTION agentctl.may_resolve(text, bigint, integer, text) IS
    'Whether the caller may resolve a call in doubt: as may_decide() has it for a call that was asked '
    'about; those who asked for the turn as well where a rule had allowed it. Internal.';
REVOKE ALL ON FUNCTION agentctl.may_resolve(text, bigint, integer, text) FROM PUBLIC;
