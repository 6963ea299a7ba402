CREATE OR REPLACE VIEW agentctl.guardrails AS
SELECT v.name,
       v.document ->> 'description' AS description,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'applies_to')) AS applies_to,
       v.document -> 'check' AS "check",
       v.document ->> 'action' AS action,
       v.document ->> 'message' AS message,
       (v.document ->> 'approval_timeout')::double precision AS approval_timeout,
       v.version, v.id AS version_id, v.created_at, v.created_by
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'guardrail';
COMMENT ON VIEW agentctl.guardrails IS 'The guardrails in force. INSERT and UPDATE register a new version.';

CREATE OR REPLACE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.guardrails
    FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('guardrail');
