CREATE OR REPLACE FUNCTION agentctl.has_read_outside(conversation text, inside text[]) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    RETURN EXISTS (
        SELECT FROM conversation AS v WHERE v.id = has_read_outside.conversation AND v.read_outside)
        OR EXISTS (
        SELECT FROM tool_call AS t
        WHERE t.conversation_id = has_read_outside.conversation AND t.state = 'succeeded'
          AND (t.tool <> ALL (has_read_outside.inside) OR strpos(t.result, U&'\00B7 untrusted]') > 0))
        OR EXISTS (
        SELECT FROM shown AS h
        WHERE h.conversation_id = has_read_outside.conversation
          -- One look a row: a join that was planned while the tables were empty would read them all.
          AND (SELECT m.trust FROM memory AS m WHERE m.id = h.memory_id) = 'untrusted');
END $$;
COMMENT ON FUNCTION agentctl.has_read_outside(text, text[]) IS
    'Whether a conversation has an output of another tool than these, an untrusted memory, or comes from one that '
    'has: what its agents remember from then on is untrusted. Internal.';
REVOKE ALL ON FUNCTION agentctl.has_read_outside(text, text[]) FROM PUBLIC;
