-- The one place that says who decides.
CREATE OR REPLACE FUNCTION agentctl.may_decide(
    approvers text[], not_requester boolean, conversation text, seq bigint
) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    who name := agentctl.caller();
    has_asked boolean;
BEGIN
    IF agentctl.is_owner(who) THEN
        RETURN true;
    END IF;
    has_asked := agentctl.account_name() = ANY (agentctl.requesters(conversation, seq));
    IF has_asked AND not_requester THEN
        RETURN false;
    ELSIF approvers IS NOT NULL THEN
        RETURN EXISTS (SELECT FROM unnest(approvers) AS a (role) WHERE agentctl.holds_role(who, a.role));
    END IF;
    RETURN coalesce(has_asked, false) OR agentctl.holds_role(who, 'agentctl_approver');
END $$;
COMMENT ON FUNCTION agentctl.may_decide(text[], boolean, text, bigint) IS
    'Whether the caller may decide about a call of a turn that waits: an owner always; otherwise a member of one of '
    'the roles, or without them of agentctl_approver, who has not asked for the turn. Where not_requester is false, '
    'those who have asked may as well, unless roles are named that they are not in.';
REVOKE ALL ON FUNCTION agentctl.may_decide(text[], boolean, text, bigint) FROM PUBLIC;
