CREATE OR REPLACE VIEW agentctl.plan_templates AS
SELECT v.name,
       v.document ->> 'description' AS description,
       ARRAY(SELECT jsonb_array_elements_text(v.document -> 'when')) AS "when",
       v.document -> 'context' AS context,
       v.document -> 'steps' AS steps,
       v.document -> 'recover' AS recover,
       v.version, v.id AS version_id, v.created_at, v.created_by
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'plan';
COMMENT ON VIEW agentctl.plan_templates IS
    'The templates that plans are made from, in force. INSERT and UPDATE register a new version.';

CREATE OR REPLACE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.plan_templates
    FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('plan');
