CREATE OR REPLACE FUNCTION agentctl.park_and_claim(
    conversation text, seq bigint, lease uuid, save integer, record jsonb, worker bigint, maximum integer
) RETURNS TABLE (
    parked boolean, conversation_id text, next_seq bigint, next_lease uuid, attempt smallint, operation text,
    body jsonb, agent text, epoch bigint, submitted_at timestamptz, last_message bigint, history jsonb,
    generation smallint, progress jsonb, settings jsonb, task jsonb
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    done boolean := agentctl.save_progress(park_and_claim.conversation, park_and_claim.seq, park_and_claim.lease,
        park_and_claim.save, park_and_claim.record, true);
BEGIN
    RETURN QUERY SELECT done, n.* FROM agentctl.claim(park_and_claim.worker, park_and_claim.maximum) AS n;
    IF NOT FOUND THEN
        RETURN QUERY SELECT done, NULL::text, NULL::bigint, NULL::uuid, NULL::smallint, NULL::text, NULL::jsonb,
            NULL::text,
            NULL::bigint, NULL::timestamptz, NULL::bigint, NULL::jsonb, NULL::smallint, NULL::jsonb, NULL::jsonb,
            NULL::jsonb;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.park_and_claim(text, bigint, uuid, integer, jsonb, bigint, integer) IS
    'save_progress() of a turn that parks, and claim(), in one round trip and one commit: often what it claims is a '
    'task of the turn. Always returns a row; conversation_id is NULL when there was nothing to claim.';
REVOKE ALL ON FUNCTION agentctl.park_and_claim(text, bigint, uuid, integer, jsonb, bigint, integer) FROM PUBLIC;
