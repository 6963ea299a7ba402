-- The ids of the page first, planned for what is asked: behind the barrier of the view no order is known, and a page of
-- it would be as long as all of them.
CREATE OR REPLACE FUNCTION agentctl.list_approvals(
    maximum integer DEFAULT 100, pending boolean DEFAULT true, conversation text DEFAULT NULL, id bigint DEFAULT NULL
) RETURNS SETOF json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off
    SET enable_seqscan = off SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    account text := agentctl.account_name();
    reads_all boolean := agentctl.may_read_all();
    named text[] := CASE WHEN list_approvals.conversation IS NOT NULL THEN
        ARRAY[list_approvals.conversation, agentctl.conversation_id(list_approvals.conversation)] END;
    page bigint[];
BEGIN
    page := ARRAY(
        SELECT a.id FROM approval AS a
        JOIN conversation AS v ON v.id = a.conversation_id
        JOIN conversation_control AS c ON c.conversation_id = a.conversation_id
        WHERE (list_approvals.id IS NULL OR a.id = list_approvals.id)
          AND (list_approvals.conversation IS NULL OR a.conversation_id = ANY (named))
          AND (NOT list_approvals.pending OR a.state = 'pending' AND c.head_seq < a.seq
              AND (a.expires_at IS NULL OR a.expires_at > clock_timestamp()))
          AND (reads_all OR v.created_by = account
              OR (a.state = 'pending' OR a.decided_by = account)
                  AND agentctl.may_decide(a.approvers, a.not_requester, a.conversation_id, a.seq))
        ORDER BY a.id DESC LIMIT maximum);
    RETURN QUERY
    SELECT row_to_json(r) FROM (
        SELECT a.id, a.turn, a.call, a.agent, a.tool, a.subject, a.arguments, a.rule, a.cause, a.state, a.scope,
               a.reason, a.requested_at, a.requested_by, a.expires_at, a.approvers, a.not_requester, a.may_decide,
               a.decided_at, a.decided_by, a.tool_changed
        FROM approvals AS a WHERE a.id = ANY (page)) AS r
    ORDER BY r.id DESC;
END $$;
COMMENT ON FUNCTION agentctl.list_approvals(integer, boolean, text, bigint) IS
    'Tool calls that wait for an approval, or with pending => false those that waited as well, the latest first, as '
    'agentctl.approvals has them: at most so many, of a conversation, or the one with an id.';
REVOKE ALL ON FUNCTION agentctl.list_approvals(integer, boolean, text, bigint) FROM PUBLIC;
