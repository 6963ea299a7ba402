CREATE OR REPLACE FUNCTION agentctl.redeliver(delivery bigint) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    known record;
BEGIN
    SELECT d.*, h.owner, h.stopped_at INTO known
    FROM hook_delivery AS d LEFT JOIN hook_state AS h ON h.name = d.hook
    WHERE d.id = redeliver.delivery FOR NO KEY UPDATE OF d;
    IF NOT FOUND OR NOT agentctl.may_see(coalesce(known.owner, '')) THEN
        RAISE EXCEPTION 'there is no delivery %', coalesce(redeliver.delivery::text, 'null') USING ERRCODE = 'AC002',
            HINT = 'See agentctl.hook_deliveries.';
    ELSIF known.owner IS NULL THEN
        RAISE EXCEPTION 'hook "%" is not in force', known.hook USING ERRCODE = 'AC003',
            HINT = 'Register it, and enabled.';
    ELSIF known.state = 'pending' THEN
        RAISE EXCEPTION 'delivery % is pending', known.id USING ERRCODE = 'AC003',
            HINT = 'It is tried again by itself.';
    END IF;
    UPDATE hook_state AS h SET stopped_at = NULL, stopped_for = NULL
    WHERE h.name = known.hook AND h.stopped_at IS NOT NULL;
    UPDATE hook_delivery AS d
    SET state = 'pending', next_at = clock_timestamp(), finished_at = NULL,
        give_up_at = clock_timestamp() + interval '24 hours'
    WHERE d.id = known.id;
    RETURN known.webhook_id;
END $$;
COMMENT ON FUNCTION agentctl.redeliver(bigint) IS
    'Has a delivery that is dead, or was made, sent again, under the same id, which it returns. A hook that was '
    'stopped is sent to again.';
REVOKE ALL ON FUNCTION agentctl.redeliver(bigint) FROM PUBLIC;
