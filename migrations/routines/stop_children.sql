-- The deepest first, and what another session holds is left to its parent, which stops its tasks itself before it ends.
CREATE OR REPLACE FUNCTION agentctl.stop_children(conversation text, seq bigint, groups text[] DEFAULT NULL)
    RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    open bigint[];
    stopped integer;
    dropped integer;
BEGIN
    WITH RECURSIVE below AS (
        SELECT t.id, t.state, t.conversation_id, t.seq FROM task AS t
        WHERE t.parent_conversation_id = stop_children.conversation AND t.parent_seq = stop_children.seq
          AND t.finished_at IS NULL AND (groups IS NULL OR t.group_key = ANY (groups))
        UNION ALL
        SELECT t.id, t.state, t.conversation_id, t.seq FROM below AS b
        JOIN task AS t ON t.parent_conversation_id = b.conversation_id AND t.parent_seq = b.seq
            AND t.finished_at IS NULL
    )
    SELECT array_agg(b.id) INTO open FROM below AS b;
    IF open IS NULL THEN
        RETURN 0;
    END IF;
    WITH locked AS MATERIALIZED (
        SELECT c.conversation_id FROM conversation_control AS c
        WHERE c.conversation_id = ANY (ARRAY(
            SELECT t.conversation_id FROM task AS t WHERE t.id = ANY (open) AND t.finished_at IS NULL))
          AND c.head_seq = 0
        ORDER BY c.depth DESC, c.conversation_id FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE conversation_control AS c
    SET cancel_seq = c.head_seq + 1,
        state = CASE c.state WHEN 'running' THEN c.state ELSE 'ready' END,
        ready_at = CASE c.state WHEN 'running' THEN NULL ELSE coalesce(c.ready_at, clock_timestamp()) END,
        wake_at = NULL
    WHERE c.conversation_id = ANY (ARRAY(SELECT l.conversation_id FROM locked AS l));
    GET DIAGNOSTICS stopped = ROW_COUNT;
    -- What has no conversation yet has nothing to stop.
    UPDATE task AS t SET state = 'cancelled', error_code = 'interrupted', finished_at = clock_timestamp()
    WHERE t.id = ANY (ARRAY(
        SELECT h.id FROM task AS h WHERE h.id = ANY (open) AND h.conversation_id IS NULL AND h.finished_at IS NULL
        ORDER BY h.id FOR NO KEY UPDATE SKIP LOCKED));
    GET DIAGNOSTICS dropped = ROW_COUNT;
    IF stopped > 0 THEN
        PERFORM pg_notify('agentctl_signal', '');
    END IF;
    RETURN stopped + dropped;
END $$;
COMMENT ON FUNCTION agentctl.stop_children(text, bigint, text[]) IS
    'Has all open tasks below a turn stopped, or those of some of its groups; returns how many. The turn waits until '
    'they have ended.';
REVOKE ALL ON FUNCTION agentctl.stop_children(text, bigint, text[]) FROM PUBLIC;
