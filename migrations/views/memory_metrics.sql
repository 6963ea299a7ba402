CREATE OR REPLACE VIEW agentctl.memory_metrics AS
SELECT s.collection,
       count(DISTINCT s.id) AS scopes,
       count(DISTINCT (s.account, s.user_id)) FILTER (WHERE s.user_id IS NOT NULL) AS users,
       count(m.id) AS memories,
       count(m.id) FILTER (WHERE m.kind = 'interaction') AS interactions,
       count(m.id) FILTER (WHERE m.trust = 'untrusted') AS untrusted,
       count(m.id) FILTER (WHERE EXISTS (
           SELECT FROM agentctl.memory_vector AS v JOIN agentctl.vector_space AS p ON p.id = v.space_id
           WHERE v.memory_id = m.id AND p.state = 'in_force')) AS with_vectors,
       coalesce(sum(octet_length(m.content)), 0)::bigint AS bytes,
       coalesce(sum((SELECT count(*) FROM agentctl.shown AS h WHERE h.memory_id = m.id)), 0)::bigint AS times_shown,
       coalesce(sum((SELECT count(*) FROM agentctl.memory_version AS v WHERE v.memory_id = m.id)), 0)::bigint
           AS earlier_versions,
       min(m.created_at) AS oldest_at,
       max(m.updated_at) AS latest_at
FROM agentctl.memory_scope AS s
LEFT JOIN agentctl.memory AS m ON m.scope_id = s.id AND (m.expires_at IS NULL OR m.expires_at > clock_timestamp())
GROUP BY s.collection;
COMMENT ON VIEW agentctl.memory_metrics IS 'How much is remembered and used, by collection.';
COMMENT ON COLUMN agentctl.memory_metrics.collection IS 'The collection.';
COMMENT ON COLUMN agentctl.memory_metrics.scopes IS 'How many scopes it has.';
COMMENT ON COLUMN agentctl.memory_metrics.users IS 'How many end users have scopes in it.';
COMMENT ON COLUMN agentctl.memory_metrics.memories IS 'How many memories it has that have not expired.';
COMMENT ON COLUMN agentctl.memory_metrics.interactions IS 'Those that are interactions.';
COMMENT ON COLUMN agentctl.memory_metrics.untrusted IS 'Those that are shown only when they are asked for.';
COMMENT ON COLUMN agentctl.memory_metrics.with_vectors IS 'Those that can be found by meaning.';
COMMENT ON COLUMN agentctl.memory_metrics.bytes IS 'Bytes of their contents.';
COMMENT ON COLUMN agentctl.memory_metrics.times_shown IS 'How often turns were shown one unasked.';
COMMENT ON COLUMN agentctl.memory_metrics.earlier_versions IS 'Versions before those in force.';
COMMENT ON COLUMN agentctl.memory_metrics.oldest_at IS 'When the oldest was stored.';
COMMENT ON COLUMN agentctl.memory_metrics.latest_at IS 'When one was stored or changed last.';
