CREATE OR REPLACE FUNCTION agentctl.publish(name text, version integer, kind text DEFAULT 'agent') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    published bigint;
BEGIN
    LOCK TABLE definition IN SHARE ROW EXCLUSIVE MODE;
    SELECT v.id INTO published FROM definition_version AS v
    WHERE v.kind = publish.kind AND v.name = publish.name AND v.version = publish.version;
    IF published IS NULL THEN
        IF NOT EXISTS (SELECT FROM definition AS d WHERE d.kind = publish.kind AND d.name = publish.name) THEN
            PERFORM agentctl.raise_unknown(publish.kind, publish.name);
        END IF;
        RAISE EXCEPTION '% "%" has no version %', publish.kind, publish.name, publish.version USING ERRCODE = 'AC002';
    END IF;
    UPDATE definition AS d SET current_version = publish.version, updated_at = clock_timestamp()
    WHERE d.kind = publish.kind AND d.name = publish.name AND d.current_version IS DISTINCT FROM publish.version;
    RETURN published;
END $$;
COMMENT ON FUNCTION agentctl.publish(text, integer, text) IS
    'Puts a stored version in force; returns its id. Fails with AC002 when there is no such version.';
REVOKE ALL ON FUNCTION agentctl.publish(text, integer, text) FROM PUBLIC;
