CREATE OR REPLACE VIEW agentctl.blocks AS
SELECT v.name,
       v.document ->> 'description' AS description,
       v.document ->> 'value' AS value,
       (v.document ->> 'limit')::integer AS "limit",
       (v.document ->> 'read_only')::boolean AS read_only,
       v.document ->> 'per' AS per,
       v.version, v.id AS version_id, v.created_at, v.created_by
FROM agentctl.definition AS d
JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
WHERE d.kind = 'block';
COMMENT ON VIEW agentctl.blocks IS
    'The definitions of blocks in force; what stands in them now is in memory_blocks. INSERT and UPDATE register a new '
    'version.';

CREATE OR REPLACE TRIGGER register_row INSTEAD OF INSERT OR UPDATE ON agentctl.blocks
    FOR EACH ROW EXECUTE FUNCTION agentctl.register_row('block');
