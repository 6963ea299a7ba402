CREATE OR REPLACE FUNCTION agentctl.require_usable_by(responder text, account text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF agentctl.responder_kind(require_usable_by.responder) IS NOT NULL
        AND agentctl.usable_responder(require_usable_by.responder, require_usable_by.account) IS NULL
    THEN
        RAISE EXCEPTION 'the use of "%" is not granted to "%"', require_usable_by.responder, require_usable_by.account
            USING ERRCODE = 'AC004';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.require_usable_by(text, text) IS
    'Fails with AC004 when an account may not use what answers under a name, if anything does. Internal: schedules, '
    'which workers carry out, call it.';
REVOKE ALL ON FUNCTION agentctl.require_usable_by(text, text) FROM PUBLIC;
