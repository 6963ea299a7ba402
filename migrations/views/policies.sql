CREATE OR REPLACE VIEW agentctl.policies AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document -> 'rules' AS rules,
       v.document -> 'order' AS "order",
       (v.document ->> 'approval_timeout')::double precision AS approval_timeout,
       v.version, v.id AS version_id, v.created_at, v.created_by
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'policy';
COMMENT ON VIEW agentctl.policies IS 'The policies in force. INSERT and UPDATE register a new version.';

CREATE OR REPLACE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.policies
    FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('policy');
