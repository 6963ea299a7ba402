CREATE OR REPLACE FUNCTION agentctl.bury_deliveries(hook text, reason text) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
BEGIN
    UPDATE hook_delivery AS d
    SET state = 'dead', next_at = NULL, error_message = reason, finished_at = clock_timestamp()
    -- What another session is about to store is dead by its own answer.
    WHERE d.id IN (SELECT p.id FROM hook_delivery AS p WHERE p.hook = bury_deliveries.hook AND p.state = 'pending'
                   FOR NO KEY UPDATE SKIP LOCKED);
END $$;
COMMENT ON FUNCTION agentctl.bury_deliveries(text, text) IS
    'Gives up all deliveries of a hook that are pending. Internal.';
REVOKE ALL ON FUNCTION agentctl.bury_deliveries(text, text) FROM PUBLIC;
