CREATE OR REPLACE FUNCTION agentctl.tell_parents(maximum integer DEFAULT 100) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    parent text;
    told integer := 0;
BEGIN
    FOR parent IN
        -- Turns whose row somebody holds do not count.
        SELECT h.conversation_id FROM (
            SELECT DISTINCT t.parent_conversation_id, t.parent_seq FROM task AS t
            WHERE NOT t.told AND t.finished_at IS NOT NULL AND t.parent_conversation_id IS NOT NULL
        ) AS u
        CROSS JOIN LATERAL (
            SELECT c.conversation_id FROM conversation_control AS c
            WHERE c.conversation_id = u.parent_conversation_id AND c.head_seq = u.parent_seq - 1
            FOR NO KEY UPDATE SKIP LOCKED
        ) AS h
        LIMIT tell_parents.maximum
    LOOP
        IF agentctl.tell_parent(parent) THEN
            told := told + 1;
        END IF;
    END LOOP;
    RETURN told;
END $$;
COMMENT ON FUNCTION agentctl.tell_parents(integer) IS
    'Tells turns of tasks that have ended while another session held the turn''s row; returns how many turns. Workers '
    'call it a little after such an end, and wake() as part of their maintenance.';
REVOKE ALL ON FUNCTION agentctl.tell_parents(integer) FROM PUBLIC;
