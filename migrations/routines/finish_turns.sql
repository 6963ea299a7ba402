CREATE OR REPLACE FUNCTION agentctl.finish_turns(
    conversations text[], seqs bigint[], leases uuid[], records jsonb, worker bigint, maximum integer
) RETURNS TABLE (
    outcomes text[], conversation_id text, next_seq bigint, next_lease uuid, attempt smallint, operation text,
    body jsonb, agent text, epoch bigint, submitted_at timestamptz, last_message bigint, history jsonb,
    generation smallint, progress jsonb, settings jsonb, task jsonb
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET lock_timeout = '500ms' AS $$
#variable_conflict use_column
DECLARE
    done text[] := agentctl.store_turns(
        finish_turns.conversations, finish_turns.seqs, finish_turns.leases, finish_turns.records);
BEGIN
    RETURN QUERY SELECT done, n.* FROM agentctl.claim(finish_turns.worker, finish_turns.maximum) AS n;
    IF NOT FOUND THEN
        RETURN QUERY SELECT done, NULL::text, NULL::bigint, NULL::uuid, NULL::smallint, NULL::text, NULL::jsonb,
            NULL::text, NULL::bigint, NULL::timestamptz, NULL::bigint, NULL::jsonb, NULL::smallint, NULL::jsonb,
            NULL::jsonb, NULL::jsonb;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.finish_turns(text[], bigint[], uuid[], jsonb, bigint, integer) IS
    'Ends turns of different conversations, and claims: in one round trip and one commit. records: a list of records '
    'as finish() takes them. outcomes says what became of each, as of store_turns(): one that is not stored is to '
    'be stored alone, by finish(). What is refused of one fails with all others. Always returns a '
    'row; conversation_id is NULL when there was nothing to claim.';
REVOKE ALL ON FUNCTION agentctl.finish_turns(text[], bigint[], uuid[], jsonb, bigint, integer) FROM PUBLIC;
