CREATE OR REPLACE FUNCTION agentctl.definition_queued() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    names text[];
BEGIN
    WITH RECURSIVE affected (kind, name) AS (
        SELECT c.kind, c.name FROM changed AS c
        WHERE c.kind IN ('agent', 'chain', 'model', 'endpoint', 'tool', 'function', 'guardrail')
        UNION
        -- Those of which responder_needs() reads it.
        SELECT d.kind, d.name
        FROM affected AS a
        JOIN definition_reference AS r ON r.kind = a.kind AND r.name = a.name
        JOIN definition_version AS v ON v.id = r.version_id
            AND (v.kind IN ('agent', 'tool', 'guardrail') AND a.kind NOT IN ('agent', 'chain')
                OR v.kind = 'model' AND a.kind = 'endpoint'
                OR v.kind = 'guardrail' AND a.kind = 'agent' OR v.kind = 'chain' AND a.kind <> 'chain')
        JOIN definition AS d ON d.kind = v.kind AND d.name = v.name AND d.current_version = v.version
    )
    SELECT array_agg(a.name) INTO names FROM affected AS a WHERE a.kind IN ('agent', 'chain');
    IF names IS NOT NULL THEN
        PERFORM agentctl.queue_responders(names);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.definition_queued() IS
    'Trigger: keeps the queues of agents and chains with what is in force.';
REVOKE ALL ON FUNCTION agentctl.definition_queued() FROM PUBLIC;

CREATE OR REPLACE TRIGGER definition_queued_insert AFTER INSERT ON agentctl.definition
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION agentctl.definition_queued();
CREATE OR REPLACE TRIGGER definition_queued_update AFTER UPDATE ON agentctl.definition
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION agentctl.definition_queued();
CREATE OR REPLACE TRIGGER definition_queued_delete AFTER DELETE ON agentctl.definition
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION agentctl.definition_queued();
