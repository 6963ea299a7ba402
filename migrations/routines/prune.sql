CREATE OR REPLACE FUNCTION agentctl.prune(older_than interval, dry_run boolean DEFAULT false) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    records jsonb := agentctl.prune_records(older_than, NULL, dry_run);
    step jsonb := '{"next": ""}';
    deleted jsonb := records -> 'deleted';
BEGIN
    WHILE step ->> 'next' IS NOT NULL LOOP
        step := agentctl.prune_conversations(older_than, step ->> 'next', 1000, dry_run);
        SELECT jsonb_object_agg(k.name, coalesce((deleted ->> k.name)::bigint, 0)
            + coalesce((step #>> ARRAY['deleted', k.name])::bigint, 0)) INTO deleted
        FROM (SELECT jsonb_object_keys(deleted) UNION SELECT jsonb_object_keys(step -> 'deleted')) AS k (name);
    END LOOP;
    RETURN records || jsonb_build_object('deleted', deleted);
END $$;
COMMENT ON FUNCTION agentctl.prune(interval, boolean) IS
    'prune_records() and prune_conversations() to the end, in one transaction; agentctl prune takes many short ones. '
    'Returns {dropped, kept, deleted}.';
REVOKE ALL ON FUNCTION agentctl.prune(interval, boolean) FROM PUBLIC;
