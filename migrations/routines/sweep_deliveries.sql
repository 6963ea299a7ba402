CREATE OR REPLACE FUNCTION agentctl.sweep_deliveries(maximum integer DEFAULT 10000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    deleted integer;
BEGIN
    DELETE FROM hook_delivery AS d
    WHERE d.id = ANY (ARRAY(
        SELECT o.id FROM hook_delivery AS o
        WHERE o.finished_at < statement_timestamp() - interval '30 days'
        ORDER BY o.finished_at LIMIT sweep_deliveries.maximum FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END $$;
COMMENT ON FUNCTION agentctl.sweep_deliveries(integer) IS
    'Deletes deliveries that were made or given up more than 30 days ago; returns how many. Workers call it.';
REVOKE ALL ON FUNCTION agentctl.sweep_deliveries(integer) FROM PUBLIC;
