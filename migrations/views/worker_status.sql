CREATE OR REPLACE VIEW agentctl.worker_status AS
SELECT w.id AS worker_id,
       w.kind,
       w.host,
       w.process_id,
       w.release,
       CASE WHEN w.state IN ('active', 'draining')
                 AND w.heartbeat_at < clock_timestamp() - make_interval(secs => w.time_to_live)
            THEN 'lost' ELSE w.state::text END AS state,
       w.slots,
       agentctl.conversations_held(w.id) AS running,
       w.started_at,
       w.heartbeat_at,
       w.queues,
       -- Of its environment what agents need.
       ARRAY(SELECT o.offer FROM unnest(w.offers) AS o (offer)
             WHERE o.offer NOT LIKE 'variable:%'
                OR o.offer IN (SELECT unnest(q.needs) FROM agentctl.work_queue AS q)
             ORDER BY o.offer) AS offers
FROM agentctl.worker AS w;
COMMENT ON VIEW agentctl.worker_status IS 'The workers: those that live, and those that ended within the last day.';
COMMENT ON COLUMN agentctl.worker_status.worker_id IS 'Identifies the start of the worker.';
COMMENT ON COLUMN agentctl.worker_status.kind IS
    'service: agentctl work; inline: a command that processes its own message.';
COMMENT ON COLUMN agentctl.worker_status.host IS 'Host name.';
COMMENT ON COLUMN agentctl.worker_status.process_id IS 'Process id on that host.';
COMMENT ON COLUMN agentctl.worker_status.release IS 'Release of agentctl.';
COMMENT ON COLUMN agentctl.worker_status.state IS 'active, draining, stopped or lost.';
COMMENT ON COLUMN agentctl.worker_status.slots IS 'Conversations that it processes at once.';
COMMENT ON COLUMN agentctl.worker_status.running IS 'Conversations that it holds now.';
COMMENT ON COLUMN agentctl.worker_status.started_at IS 'When it started.';
COMMENT ON COLUMN agentctl.worker_status.heartbeat_at IS 'Last sign of life.';
COMMENT ON COLUMN agentctl.worker_status.queues IS 'Queues that it works off; NULL for all.';
COMMENT ON COLUMN agentctl.worker_status.offers IS
    'What it has of what agents need: variable:NAME, implementation:NAME, workspace and workspace:HOST:PATH.';
