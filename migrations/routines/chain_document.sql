CREATE OR REPLACE FUNCTION agentctl.chain_document(name text, version integer DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    stored jsonb;
BEGIN
    SELECT v.document INTO stored
    FROM definition AS d
    JOIN definition_version AS v ON v.kind = d.kind AND v.name = d.name
        AND v.version = coalesce(chain_document.version, d.current_version)
    WHERE d.kind = 'chain' AND d.name = chain_document.name;
    IF NOT FOUND THEN
        PERFORM agentctl.raise_unknown('chain', chain_document.name, 'The view agentctl.chains has those in force.');
    END IF;
    RETURN stored;
END $$;
COMMENT ON FUNCTION agentctl.chain_document(text, integer) IS
    'The document of a chain: of the version in force, or of another. Fails with AC002 when there is none.';
REVOKE ALL ON FUNCTION agentctl.chain_document(text, integer) FROM PUBLIC;
