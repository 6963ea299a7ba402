CREATE OR REPLACE FUNCTION agentctl.tombstone_key(content text) RETURNS bytea
LANGUAGE sql STABLE SET search_path = agentctl, pg_temp AS $$
    SELECT sha256((SELECT k.key FROM memory_key AS k) || convert_to(
        lower(regexp_replace(btrim(normalize(tombstone_key.content, NFC)), '[[:space:]]+', ' ', 'g')), 'UTF8'))
$$;
COMMENT ON FUNCTION agentctl.tombstone_key(text) IS
    'What a tombstone keeps of a content: a hash with the key of this database, without regard to case and white '
    'space. Nobody finds out by guessing, without the key, what was forgotten.';
REVOKE ALL ON FUNCTION agentctl.tombstone_key(text) FROM PUBLIC;
