CREATE OR REPLACE FUNCTION agentctl.rollback(name text, version integer DEFAULT NULL, kind text DEFAULT 'agent')
    RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    target integer := rollback.version;
BEGIN
    LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    IF NOT EXISTS (SELECT FROM definition AS d WHERE d.kind = rollback.kind AND d.name = rollback.name) THEN
        PERFORM agentctl.raise_unknown(rollback.kind, rollback.name);
    END IF;
    IF target IS NULL THEN
        SELECT max(v.version) INTO target
        FROM definition AS d JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name
            AND v.version < d.current_version
        WHERE d.kind = rollback.kind AND d.name = rollback.name;
    END IF;
    IF target IS NULL THEN
        RAISE EXCEPTION '% "%" has no earlier version', rollback.kind, rollback.name USING ERRCODE = 'AC002';
    END IF;
    RETURN agentctl.publish(rollback.name, target, rollback.kind);
END $$;
COMMENT ON FUNCTION agentctl.rollback(text, integer, text) IS
    'Puts an earlier version in force: the given one, or the one before the present.';
REVOKE ALL ON FUNCTION agentctl.rollback(text, integer, text) FROM PUBLIC;
