-- One short step a call, so that nothing is locked for long: first the partitions, one by one, then the conversations.
CREATE OR REPLACE FUNCTION agentctl.keep_retention(INOUT after text, OUT is_over boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
DECLARE
    kept text := agentctl.setting('retention');
BEGIN
    IF kept IS NULL OR btrim(kept) = '' THEN
        is_over := true;
        RETURN;
    END IF;
    IF keep_retention.after IS NULL THEN
        after := CASE WHEN agentctl.prune_records(kept::interval, 1) -> 'dropped' = '[]' THEN '' END;
        is_over := false;
    ELSE
        after := agentctl.prune_conversations(kept::interval, keep_retention.after) ->> 'next';
        is_over := after IS NULL;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.keep_retention(text) IS
    'One step of what the setting retention asks for: called with NULL first, and then with the after that it returned '
    'until is_over. Workers call it.';
REVOKE ALL ON FUNCTION agentctl.keep_retention(text) FROM PUBLIC;
