CREATE OR REPLACE FUNCTION agentctl.raise_unless_final(state text, message text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    -- Conflicts with others, too few resources, a server that stops: the same may succeed later.
    IF left(state, 2) IN ('40', '53', '57', '58') OR state = '55P03' THEN
        RAISE EXCEPTION '%', message USING ERRCODE = state;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.raise_unless_final(text, text) IS
    'Raises an error again that may pass by itself. Internal: what does without a part that is refused calls it.';
REVOKE ALL ON FUNCTION agentctl.raise_unless_final(text, text) FROM PUBLIC;
