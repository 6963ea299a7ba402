-- The one place that says who decides.
CREATE OR REPLACE FUNCTION agentctl.may_decide(
    approvers text[], not_requester boolean, conversation text, seq bigint
) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    who name := agentctl.caller();
    asked text[];
    has_asked boolean;
BEGIN
    IF agentctl.is_owner(who) THEN
        RETURN true;
    END IF;
    asked := agentctl.requesters(conversation, seq);
    -- Under another role it is the same person: who logged in counts, and so do the roles that are there to take on.
    has_asked := coalesce(agentctl.account_name() = ANY (asked), false) OR EXISTS (
        SELECT FROM account AS a JOIN pg_roles AS r ON r.oid = a.role
        WHERE a.name = ANY (asked)
          AND (r.rolname = session_user OR pg_has_role(to_regrole(quote_ident(who)), r.oid, 'MEMBER')));
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
