-- A claimed delivery is due again after the lease: a worker that ends meanwhile costs the receiver a second copy, under
-- the same id, and never the only one. A receiver that is slow has few of the worker's slots: those are left out.
CREATE OR REPLACE FUNCTION agentctl.claim_deliveries(
    maximum integer, busy text[] DEFAULT '{}', at timestamptz DEFAULT now()
) RETURNS TABLE (id bigint, attempt integer, webhook_id uuid, hook text, body text, document jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    lease CONSTANT interval := '2 minutes';
BEGIN
    RETURN QUERY
    UPDATE hook_delivery AS d SET attempt = d.attempt + 1, next_at = claim_deliveries.at + lease
    FROM (
        SELECT due.id, h.version_id
        FROM hook_state AS h
        CROSS JOIN LATERAL (
            SELECT c.id FROM hook_delivery AS c
            WHERE c.hook = h.name AND c.state = 'pending' AND c.next_at <= claim_deliveries.at
            ORDER BY c.next_at, c.id LIMIT least(claim_deliveries.maximum, 4) FOR NO KEY UPDATE SKIP LOCKED
        ) AS due
        WHERE h.stopped_at IS NULL AND h.name <> ALL (claim_deliveries.busy)
        LIMIT claim_deliveries.maximum
    ) AS c
    JOIN definition_version AS v ON v.id = c.version_id
    WHERE d.id = c.id
    RETURNING d.id, d.attempt, d.webhook_id, d.hook, d.body::text, v.document;
END $$;
COMMENT ON FUNCTION agentctl.claim_deliveries(integer, text[], timestamptz) IS
    'Deliveries that are due, for one attempt each within two minutes, at most four of a hook and none of those that '
    'are busy. Workers call it.';
REVOKE ALL ON FUNCTION agentctl.claim_deliveries(integer, text[], timestamptz) FROM PUBLIC;
