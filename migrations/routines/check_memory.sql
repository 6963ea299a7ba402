CREATE OR REPLACE FUNCTION agentctl.check_memory(content text, metadata jsonb, key text, importance double precision)
RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF content IS NULL OR btrim(content, E' \t\r\n') = '' THEN
        RAISE EXCEPTION 'there is nothing to remember: the content is empty' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(content) > 16384 THEN
        RAISE EXCEPTION 'a memory has at most 16384 bytes, not %', octet_length(content) USING ERRCODE = 'AC001',
            HINT = 'Remember its parts, one fact each.';
    END IF;
    IF jsonb_typeof(coalesce(metadata, '0')) <> 'object' OR octet_length(metadata::text) > 16384 THEN
        RAISE EXCEPTION 'metadata is an object of at most 16384 bytes' USING ERRCODE = 'AC001';
    END IF;
    IF octet_length(key) NOT BETWEEN 1 AND 400 THEN
        RAISE EXCEPTION 'a key has 1 to 400 bytes' USING ERRCODE = 'AC001';
    END IF;
    IF importance IS NULL OR NOT importance BETWEEN 0 AND 1 OR importance > 0 AND importance < 1e-30 THEN
        RAISE EXCEPTION 'importance is a number from 0 to 1' USING ERRCODE = 'AC001';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.check_memory(text, jsonb, text, double precision) IS
    'Fails with AC001 for what no memory can be. Internal.';
REVOKE ALL ON FUNCTION agentctl.check_memory(text, jsonb, text, double precision) FROM PUBLIC;
