CREATE OR REPLACE VIEW agentctl.definition_versions AS
SELECT v.kind, v.name, v.version, v.id AS version_id, v.version IS NOT DISTINCT FROM d.current_version AS in_force,
       d.current_version, v.document, encode(v.content_hash, 'hex') AS content_hash, v.created_at, v.created_by
FROM agentctl.definition_version AS v
JOIN agentctl.definition AS d ON d.kind = v.kind AND d.name = v.name;
COMMENT ON VIEW agentctl.definition_versions IS 'Every version of every definition.';
COMMENT ON COLUMN agentctl.definition_versions.kind IS 'Kind of definition.';
COMMENT ON COLUMN agentctl.definition_versions.name IS 'Name of the definition.';
COMMENT ON COLUMN agentctl.definition_versions.version IS 'Counts from 1 within a name.';
COMMENT ON COLUMN agentctl.definition_versions.version_id IS 'Identifies the version.';
COMMENT ON COLUMN agentctl.definition_versions.in_force IS 'Whether it is the one in force.';
COMMENT ON COLUMN agentctl.definition_versions.current_version IS 'The version in force; NULL when none is.';
COMMENT ON COLUMN agentctl.definition_versions.document IS 'The whole document, with defaults filled in.';
COMMENT ON COLUMN agentctl.definition_versions.content_hash IS 'SHA-256 of the document, in hexadecimal digits.';
COMMENT ON COLUMN agentctl.definition_versions.created_at IS 'When it was registered.';
COMMENT ON COLUMN agentctl.definition_versions.created_by IS 'Account that registered it.';
