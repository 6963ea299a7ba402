CREATE OR REPLACE FUNCTION agentctl.finish_delivery(
    id bigint, attempt integer, status integer, error text, is_final boolean DEFAULT false,
    at timestamptz DEFAULT now()
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    first CONSTANT double precision := 5;
    longest CONSTANT double precision := 3600;
    outcome text;
    told text;
BEGIN
    UPDATE hook_delivery AS d
    SET status = finish_delivery.status, error_message = left(finish_delivery.error, 1000),
        state = CASE
            WHEN finish_delivery.error IS NULL THEN 'delivered'
            WHEN is_final OR finish_delivery.status = 410 OR finish_delivery.at >= d.give_up_at THEN 'dead'
            ELSE 'pending' END,
        -- Chance decides about the whole wait, so that what failed together does not come back together.
        next_at = CASE
            WHEN finish_delivery.error IS NULL OR is_final OR finish_delivery.status = 410
                OR finish_delivery.at >= d.give_up_at THEN NULL
            ELSE finish_delivery.at + make_interval(
                secs => 1 + random() * least(longest, first * 2 ^ least(d.attempt, 20))) END,
        finished_at = CASE
            WHEN finish_delivery.error IS NULL OR is_final OR finish_delivery.status = 410
                OR finish_delivery.at >= d.give_up_at THEN finish_delivery.at END
    WHERE d.id = finish_delivery.id AND d.attempt = finish_delivery.attempt AND d.state = 'pending'
    RETURNING d.state, d.hook INTO outcome, told;
    IF finish_delivery.status = 410 AND outcome = 'dead' THEN
        UPDATE hook_state AS h SET stopped_at = finish_delivery.at, stopped_for = 'the receiver answered 410 Gone'
        WHERE h.name = told AND h.stopped_at IS NULL;
        PERFORM agentctl.bury_deliveries(told, 'the receiver answered 410 Gone');
    END IF;
    RETURN outcome;
END $$;
COMMENT ON FUNCTION agentctl.finish_delivery(bigint, integer, integer, text, boolean, timestamptz) IS
    'Stores the outcome of an attempt that claim_deliveries() gave: without an error it is delivered; else it is tried '
    'again, up to 24 hours, unless it is final. 410 stops the hook. Returns the state; NULL when another worker has '
    'taken it over.';
REVOKE ALL ON FUNCTION agentctl.finish_delivery(bigint, integer, integer, text, boolean, timestamptz) FROM PUBLIC;
