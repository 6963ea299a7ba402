-- replaces: finish_and_claim(text, bigint, uuid, jsonb, bigint, integer)
CREATE OR REPLACE FUNCTION agentctl.finish_and_claim(
    conversation text, seq bigint, lease uuid, record jsonb, worker bigint, maximum integer
) RETURNS TABLE (
    finished boolean, conversation_id text, next_seq bigint, next_lease uuid, attempt smallint, operation text,
    body jsonb, agent text, epoch bigint, submitted_at timestamptz, last_message bigint, history jsonb,
    generation smallint, progress jsonb, settings jsonb, task jsonb
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    done boolean := agentctl.finish(
        finish_and_claim.conversation, finish_and_claim.seq, finish_and_claim.lease, finish_and_claim.record);
BEGIN
    RETURN QUERY SELECT done, n.* FROM agentctl.claim(finish_and_claim.worker, finish_and_claim.maximum) AS n;
    IF NOT FOUND THEN
        RETURN QUERY SELECT done, NULL::text, NULL::bigint, NULL::uuid, NULL::smallint, NULL::text, NULL::jsonb,
            NULL::text,
            NULL::bigint, NULL::timestamptz, NULL::bigint, NULL::jsonb, NULL::smallint, NULL::jsonb, NULL::jsonb,
            NULL::jsonb;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.finish_and_claim(text, bigint, uuid, jsonb, bigint, integer) IS
    'finish() and claim() in one round trip and one commit. Always returns a row; conversation_id is NULL when there '
    'was nothing to claim.';
REVOKE ALL ON FUNCTION agentctl.finish_and_claim(text, bigint, uuid, jsonb, bigint, integer) FROM PUBLIC;
