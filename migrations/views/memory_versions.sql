CREATE OR REPLACE VIEW agentctl.memory_versions AS
SELECT v.memory_id, v.version, v.content, v.metadata, v.importance::double precision AS importance,
       v.trust::text AS trust, v.ended_at, v.written_by AS changed_by
FROM agentctl.memory_version AS v
UNION ALL
SELECT m.id, m.version, m.content, m.metadata, m.importance::double precision, m.trust::text, NULL, NULL
FROM agentctl.memory AS m;
COMMENT ON VIEW agentctl.memory_versions IS 'Memories with all their versions.';
COMMENT ON COLUMN agentctl.memory_versions.memory_id IS 'The memory.';
COMMENT ON COLUMN agentctl.memory_versions.version IS 'The version, counted from 1.';
COMMENT ON COLUMN agentctl.memory_versions.content IS 'Its content.';
COMMENT ON COLUMN agentctl.memory_versions.metadata IS 'Its metadata.';
COMMENT ON COLUMN agentctl.memory_versions.importance IS 'Its importance, from 0 to 1.';
COMMENT ON COLUMN agentctl.memory_versions.trust IS 'owner, user, agent or untrusted.';
COMMENT ON COLUMN agentctl.memory_versions.ended_at IS 'When the next version took its place; NULL: it is in force.';
COMMENT ON COLUMN agentctl.memory_versions.changed_by IS 'Who wrote the next version; NULL: there is none.';
