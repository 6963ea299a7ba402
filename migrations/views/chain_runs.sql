CREATE OR REPLACE VIEW agentctl.chain_runs AS
SELECT t.conversation_id, t.seq, t.agent AS chain, t.agent_version AS version, t.status::text AS status,
       r.nodes, r.failed_node, coalesce(t.error_code, t.limit_reached) AS error_code, t.error_message, w.tasks, w.tokens, w.cost_usd, t.parent_conversation_id,
       t.parent_seq, t.started_at, t.finished_at,
       extract(epoch FROM t.finished_at - t.started_at)::double precision * 1000 AS duration_ms
FROM agentctl.turn AS t
JOIN agentctl.definition_version AS v ON v.id = t.agent_version_id AND v.kind = 'chain'
CROSS JOIN LATERAL (
    SELECT count(*) AS nodes,
           (array_agg(n.node ORDER BY n.number DESC) FILTER (WHERE n.status = 'failed' AND t.status = 'failed'))[1]
               AS failed_node
    FROM agentctl.node_run AS n
    WHERE n.conversation_id = t.conversation_id AND n.seq = t.seq AND n.finished_at >= t.started_at) AS r
CROSS JOIN LATERAL (
    SELECT count(*) AS tasks, coalesce(sum(k.tokens), 0)::bigint AS tokens, coalesce(sum(k.cost_usd), 0) AS cost_usd
    FROM agentctl.task AS k WHERE k.parent_conversation_id = t.conversation_id AND k.parent_seq = t.seq) AS w
UNION ALL
-- The turns of a handoff are its agents', and what they took is its own.
SELECT t.conversation_id, t.seq, v.name, v.version, t.status::text, 0, NULL,
       coalesce(t.error_code, t.limit_reached), t.error_message, w.tasks,
       t.input_tokens + t.output_tokens + w.tokens, t.cost_usd + w.cost_usd, t.parent_conversation_id, t.parent_seq,
       t.started_at, t.finished_at,
       extract(epoch FROM t.finished_at - t.started_at)::double precision * 1000
FROM agentctl.turn AS t
CROSS JOIN LATERAL (
    SELECT o.name, o.version FROM agentctl.definition_version AS o WHERE o.id = t.chain_version_id OFFSET 0) AS v
CROSS JOIN LATERAL (
    SELECT count(*) AS tasks, coalesce(sum(k.tokens), 0)::bigint AS tokens, coalesce(sum(k.cost_usd), 0) AS cost_usd
    FROM agentctl.task AS k WHERE k.parent_conversation_id = t.conversation_id AND k.parent_seq = t.seq) AS w
WHERE t.chain_version_id IS NOT NULL
UNION ALL
SELECT p.conversation_id, p.seq, v.name, v.version,
       CASE WHEN c.state IN ('waiting', 'parked') THEN 'waiting' ELSE 'running' END, r.nodes, NULL, NULL, NULL, w.tasks,
       w.tokens, w.cost_usd, k.parent_conversation_id, k.parent_seq, p.started_at, NULL, NULL
FROM agentctl.turn_progress AS p
JOIN agentctl.conversation_control AS c ON c.conversation_id = p.conversation_id AND c.head_seq = p.seq - 1
JOIN agentctl.definition_version AS v ON v.kind = 'chain'
    AND (p.chain_version_id IS NULL AND v.name = p.agent AND v.version = p.agent_version OR v.id = p.chain_version_id)
LEFT JOIN agentctl.task AS k ON k.conversation_id = p.conversation_id AND k.seq = p.seq
CROSS JOIN LATERAL (
    SELECT count(*) AS nodes FROM agentctl.node_run AS n
    WHERE n.conversation_id = p.conversation_id AND n.seq = p.seq AND n.finished_at >= p.started_at) AS r
CROSS JOIN LATERAL (
    SELECT count(*) AS tasks, coalesce(sum(o.tokens), 0)::bigint AS tokens, coalesce(sum(o.cost_usd), 0) AS cost_usd
    FROM agentctl.task AS o WHERE o.parent_conversation_id = p.conversation_id AND o.parent_seq = p.seq) AS w;
COMMENT ON VIEW agentctl.chain_runs IS 'Runs of chains: the turns that chains answered, and those that they work on.';
COMMENT ON COLUMN agentctl.chain_runs.conversation_id IS 'Conversation of the run.';
COMMENT ON COLUMN agentctl.chain_runs.seq IS 'Submission of the run.';
COMMENT ON COLUMN agentctl.chain_runs.chain IS 'Name of the chain.';
COMMENT ON COLUMN agentctl.chain_runs.version IS 'Its version.';
COMMENT ON COLUMN agentctl.chain_runs.status IS 'running, waiting, succeeded, failed, limited or interrupted.';
COMMENT ON COLUMN agentctl.chain_runs.nodes IS 'Visits of nodes that have ended.';
COMMENT ON COLUMN agentctl.chain_runs.failed_node IS 'The node whose failure ended it.';
COMMENT ON COLUMN agentctl.chain_runs.error_code IS 'Class of error, when it failed; the limit that ended it, when it was limited.';
COMMENT ON COLUMN agentctl.chain_runs.error_message IS 'What happened.';
COMMENT ON COLUMN agentctl.chain_runs.tasks IS 'Tasks that it gave out.';
COMMENT ON COLUMN agentctl.chain_runs.tokens IS 'Tokens of these and all below them, as far as they have ended.';
COMMENT ON COLUMN agentctl.chain_runs.cost_usd IS 'Cost of the same, in USD.';
COMMENT ON COLUMN agentctl.chain_runs.parent_conversation_id IS 'Conversation of the turn above it; NULL for none.';
COMMENT ON COLUMN agentctl.chain_runs.parent_seq IS 'Submission of the turn above it.';
COMMENT ON COLUMN agentctl.chain_runs.started_at IS 'When it began.';
COMMENT ON COLUMN agentctl.chain_runs.finished_at IS 'When it ended; NULL while it has not.';
COMMENT ON COLUMN agentctl.chain_runs.duration_ms IS 'Milliseconds from its beginning to its end.';
