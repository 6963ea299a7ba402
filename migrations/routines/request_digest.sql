CREATE OR REPLACE FUNCTION agentctl.request_digest(body jsonb, agent text, priority integer) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE SET search_path = agentctl, pg_temp AS $$
BEGIN
    RETURN sha256(convert_to(jsonb_build_array(body, agent, priority)::text, 'UTF8'));
END $$;
COMMENT ON FUNCTION agentctl.request_digest(jsonb, text, integer) IS
    'What an idempotency key stands for: body, agent and priority as the caller gave them. Internal: submit() and '
    'steer() call it.';
REVOKE ALL ON FUNCTION agentctl.request_digest(jsonb, text, integer) FROM PUBLIC;
