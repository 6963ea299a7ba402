CREATE OR REPLACE FUNCTION agentctl.require_known_responder(name text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM definition AS d
                   WHERE d.kind IN ('agent', 'chain') AND d.name = require_known_responder.name) THEN
        PERFORM agentctl.raise_unknown('agent', require_known_responder.name, 'See agentctl.agents.');
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.require_known_responder(text) IS
    'Fails with AC002 where there is no agent or chain of a name and never was; the hint is the closest name in force. '
    'For reports that are empty.';
REVOKE ALL ON FUNCTION agentctl.require_known_responder(text) FROM PUBLIC;
