-- Counted and not added up as turns end: a plain turn costs nothing for it. The newest turns are a sample that bounds
-- the work whatever the number of turns.
CREATE OR REPLACE FUNCTION agentctl.refresh_routes() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    counted_at timestamptz := clock_timestamp();
    changed integer;
BEGIN
    -- Whichever worker comes first; the others find it done, or in hand.
    PERFORM FROM route_index AS i WHERE i.refreshed_at < counted_at - interval '50 seconds'
    FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    UPDATE route_index AS i SET refreshed_at = counted_at;
    WITH record AS (
        SELECT t.agent, count(*)::integer AS turns, count(*) FILTER (WHERE t.status = 'succeeded') AS succeeded
        FROM (SELECT n.agent, n.status FROM turn AS n
              WHERE n.started_at > counted_at - interval '7 days' AND n.status <> 'interrupted'
              ORDER BY n.started_at DESC LIMIT 100000) AS t
        GROUP BY t.agent
    ), load AS (
        SELECT v.agent, sum(c.tail_seq - c.head_seq)::integer AS open
        FROM work_list AS w
        JOIN conversation_control AS c ON c.conversation_id = w.conversation_id
        JOIN conversation AS v ON v.id = w.conversation_id
        WHERE w.state IN ('ready', 'running', 'waiting')
        GROUP BY v.agent
    ), fresh AS (
        SELECT a.id, a.success_rate AS was, coalesce(r.turns, 0) AS turns, coalesce(l.open, 0) AS open,
               round((coalesce(r.succeeded, 0) + 1) / (coalesce(r.turns, 0) + 2)::numeric, 2)::real AS success_rate
        FROM route_agent AS a
        LEFT JOIN record AS r ON r.agent = a.name
        LEFT JOIN load AS l ON l.agent = a.name
    ), stored AS (
        UPDATE route_agent AS a SET success_rate = f.success_rate, turns = f.turns, open = f.open
        FROM fresh AS f
        WHERE a.id = f.id AND (a.success_rate, a.turns, a.open) IS DISTINCT FROM (f.success_rate, f.turns, f.open)
        RETURNING a.id, a.capabilities, f.was, f.success_rate
    ), ordered AS (
        UPDATE route_capability AS c SET success_rate = s.success_rate
        FROM stored AS s CROSS JOIN LATERAL unnest(s.capabilities) AS has (capability)
        WHERE s.was <> s.success_rate
          AND c.capability = has.capability AND c.success_rate = s.was AND c.agent_id = s.id
    )
    SELECT count(*) INTO changed FROM stored;
    RETURN changed;
END $$;
COMMENT ON FUNCTION agentctl.refresh_routes() IS
    'Counts success rates (of the newest 100,000 turns of the last 7 days, without those that were interrupted) and '
    'load of agents for routing, at most once a minute; returns how many agents changed. Any worker''s maintenance '
    'calls it.';
REVOKE ALL ON FUNCTION agentctl.refresh_routes() FROM PUBLIC;
