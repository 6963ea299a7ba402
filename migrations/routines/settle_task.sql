-- Another agent tries again only where nothing was done that it would do a second time.
CREATE OR REPLACE FUNCTION agentctl.settle_task(
    task bigint, status agentctl.turn_status, code text, message text, tokens bigint, cost_usd numeric,
    is_stopped boolean
) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    settled record;
    below record;
    has_failed boolean := settle_task.status IN ('failed', 'limited');
    done jsonb;
    successor text;
    is_told boolean := false;
BEGIN
    SELECT t.* INTO settled FROM task AS t WHERE t.id = settle_task.task AND t.finished_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(b.tokens), 0) + settle_task.tokens AS tokens,
           coalesce(sum(b.cost_usd), 0) + settle_task.cost_usd AS cost_usd
    INTO below
    FROM task AS b WHERE b.parent_conversation_id = settled.conversation_id AND b.parent_seq = settled.seq;
    IF has_failed AND settled.is_routed AND settled.attempt < settled.max_attempts AND NOT is_stopped
        AND (settled.deadline IS NULL OR settled.deadline > clock_timestamp())
        AND (settled.budget_tokens IS NULL OR settled.budget_tokens > settled.tokens + below.tokens)
        AND (settled.budget_usd IS NULL OR settled.budget_usd > settled.cost_usd + below.cost_usd)
    THEN
        done := agentctl.task_effects(settled.conversation_id, settled.seq);
        IF done IS NULL THEN
            successor := agentctl.choose_task_agent(settled.description, settled.capabilities,
                settled.path || settled.tried,
                -- What is below a turn is vouched for by who wrote its agent.
                CASE WHEN settled.parent_conversation_id IS NULL THEN settled.created_by END);
        END IF;
    END IF;
    IF successor IS NOT NULL THEN
        UPDATE task AS t
        SET attempt = t.attempt + 1, tried = t.tried || t.agent, agent = successor,
            path = t.path[:cardinality(t.path) - 1] || successor,
            depth_left = coalesce(least(
                (SELECT p.depth_left - 1 FROM task AS p
                 WHERE p.conversation_id = t.parent_conversation_id AND p.seq = t.parent_seq),
                CASE WHEN t.depth = 1 THEN agentctl.chain_depth(t.path[1]) - 1 END,
                agentctl.chain_depth(successor)), 0),
            tokens = t.tokens + below.tokens, cost_usd = t.cost_usd + below.cost_usd
        WHERE t.id = settle_task.task;
        PERFORM agentctl.start_tasks(ARRAY[settle_task.task]);
        IF EXISTS (SELECT FROM task AS t WHERE t.id = settle_task.task AND t.finished_at IS NULL) THEN
            RETURN;
        END IF;
    ELSE
        IF settled.parent_seq IS NOT NULL THEN
            -- With its row held, the turn is told in the same update: see tell_parent(), which never waits either.
            PERFORM FROM conversation_control AS c
            WHERE c.conversation_id = settled.parent_conversation_id AND c.head_seq = settled.parent_seq - 1
            FOR NO KEY UPDATE SKIP LOCKED;
            is_told := FOUND;
        END IF;
        UPDATE task AS t
        SET state = CASE
                WHEN settle_task.status = 'succeeded' THEN 'done'
                WHEN settle_task.status = 'interrupted' OR is_stopped THEN 'cancelled'
                WHEN t.parent_seq IS NULL THEN 'dead' ELSE 'failed' END::task_state,
            error_code = settle_task.code, error_message = settle_task.message, effects = done,
            finished_at = clock_timestamp(), tokens = t.tokens + below.tokens, cost_usd = t.cost_usd + below.cost_usd,
            told = CASE WHEN t.parent_seq IS NOT NULL THEN is_told
                ELSE NOT EXISTS (SELECT FROM task_dependency AS d WHERE d.depends_on = t.id) END
        WHERE t.id = settle_task.task;
    END IF;
    IF settled.parent_conversation_id IS NULL THEN
        PERFORM agentctl.release_dependents(settle_task.task);
    ELSE
        PERFORM agentctl.tell_parent(settled.parent_conversation_id, CASE WHEN is_told THEN settle_task.task END);
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.settle_task(bigint, agentctl.turn_status, text, text, bigint, numeric, boolean) IS
    'What the end of a turn means for the task that it was an attempt at: it has ended, or another agent tries. '
    'Internal: tell_of_turns() and give_up() call it.';
REVOKE ALL ON FUNCTION agentctl.settle_task(bigint, agentctl.turn_status, text, text, bigint, numeric, boolean)
    FROM PUBLIC;
