-- first: a generated column calls it
CREATE OR REPLACE FUNCTION agentctl.memory_hash(content text) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = agentctl, pg_temp AS $$
    SELECT sha256(convert_to(regexp_replace(btrim(normalize(memory_hash.content, NFC)), '[[:space:]]+', ' ', 'g'),
        'UTF8'))
$$;
COMMENT ON FUNCTION agentctl.memory_hash(text) IS
    'By what two contents are the same: SHA-256 of the text in NFC with white space collapsed.';
REVOKE ALL ON FUNCTION agentctl.memory_hash(text) FROM PUBLIC;
