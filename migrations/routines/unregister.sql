-- replaces: unregister(text, text)
CREATE OR REPLACE FUNCTION agentctl.unregister(name text, kind text DEFAULT 'function', dry_run boolean DEFAULT false)
    RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    was bigint;
    users text;
BEGIN
    -- A rehearsal is in nobody's way: it says what it sees.
    IF NOT unregister.dry_run THEN
        LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    END IF;
    SELECT v.id INTO was
    FROM definition AS d JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name
        AND v.version = d.current_version
    WHERE d.kind = unregister.kind AND d.name = unregister.name;
    IF NOT FOUND THEN
        PERFORM agentctl.raise_unknown(unregister.kind, unregister.name);
    END IF;
    SELECT string_agg(u.named, ', ' ORDER BY u.named) INTO users
    FROM (
        SELECT format('%s %s', d.kind, d.name) AS named
        FROM definition_reference AS r
        JOIN definition_version AS v ON v.id = r.version_id
        JOIN definition AS d ON d.kind = v.kind AND d.name = v.name AND d.current_version = v.version
        WHERE r.kind = unregister.kind AND r.name = unregister.name AND v.id <> was
        UNION SELECT 'policy ' || p.name FROM agentctl.policies_naming(unregister.kind, unregister.name) AS p
    ) AS u;
    IF users IS NOT NULL THEN
        RAISE EXCEPTION '% "%" is used by %', unregister.kind, unregister.name, users
            USING ERRCODE = 'AC003', HINT = 'Register them without it first.';
    END IF;
    SELECT s.name INTO users FROM setting AS s
    WHERE s.value = unregister.name AND s.name = CASE unregister.kind
        WHEN 'policy' THEN 'default_policy' WHEN 'chain' THEN 'default_agent' WHEN 'agent' THEN 'default_agent' END;
    IF FOUND THEN
        RAISE EXCEPTION '% "%" is named by the setting %', unregister.kind, unregister.name, users
            USING ERRCODE = 'AC003', HINT = 'Change the setting first: UPDATE agentctl.setting.';
    END IF;
    IF unregister.kind = 'agent' THEN
        IF NOT unregister.dry_run AND current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE EXCEPTION 'agent "%" stays: this transaction does not see what others have submitted since it began',
                unregister.name USING ERRCODE = 'AC003', HINT = 'Do it in a transaction of READ COMMITTED.';
        END IF;
        IF NOT unregister.dry_run THEN
            users := agentctl.lock_submissions();
        END IF;
        IF users IS NOT NULL THEN
            RAISE EXCEPTION 'agent "%" stays: another transaction that is open writes submissions or tasks: %',
                unregister.name, users USING ERRCODE = 'AC003', HINT =
                    'Try again when it has ended, or end it: SELECT pg_terminate_backend(PROCESS).';
        END IF;
        users := agentctl.open_work(unregister.name);
        IF users IS NOT NULL THEN
            RAISE EXCEPTION 'agent "%" has work to do: %', unregister.name, users USING ERRCODE = 'AC003',
                HINT = 'Let it end, interrupt or cancel it, or have another agent do it: agentctl conversations set.';
        END IF;
    END IF;
    IF NOT unregister.dry_run THEN
        UPDATE definition AS d SET current_version = NULL, updated_at = clock_timestamp()
        WHERE d.kind = unregister.kind AND d.name = unregister.name;
    END IF;
    RETURN was;
END $$;
COMMENT ON FUNCTION agentctl.unregister(text, text, boolean) IS
    'Takes a definition out of force and returns the id of the version that was; its versions and their history stay, '
    'and register() or publish() brings it back. Fails with AC003, naming them, when others in force or a setting '
    'refer to it, a policy''s rule names it, or an agent has work to do, or may have, as another transaction that '
    'writes submissions or tasks stays open for five seconds, or as the caller''s is not of READ COMMITTED. dry_run only finds out, as far '
    'as what is committed tells, and locks nothing.';
REVOKE ALL ON FUNCTION agentctl.unregister(text, text, boolean) FROM PUBLIC;
