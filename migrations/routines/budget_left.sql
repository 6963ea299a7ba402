-- Open tasks hold all that they were given: what they leave comes back with their end.
CREATE OR REPLACE FUNCTION agentctl.budget_left(
    task bigint, besides bigint[] DEFAULT '{}', OUT tokens bigint, OUT cost_usd numeric
)
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    own record;
    below record;
BEGIN
    SELECT t.budget_tokens, t.budget_usd, t.conversation_id, t.seq,
           t.tokens + coalesce(p.input_tokens + p.output_tokens, 0) AS tokens,
           t.cost_usd + coalesce(p.cost_usd, 0) AS cost_usd
    INTO own
    FROM task AS t LEFT JOIN turn_progress AS p ON p.conversation_id = t.conversation_id AND p.seq = t.seq
    WHERE t.id = budget_left.task AND (t.budget_tokens IS NOT NULL OR t.budget_usd IS NOT NULL);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(CASE WHEN b.finished_at IS NULL THEN greatest(b.budget_tokens, b.tokens) ELSE b.tokens END), 0)
               AS tokens,
           coalesce(sum(CASE WHEN b.finished_at IS NULL THEN greatest(b.budget_usd, b.cost_usd)
               ELSE b.cost_usd END), 0) AS cost_usd
    INTO below
    FROM task AS b
    WHERE b.parent_conversation_id = own.conversation_id AND b.parent_seq = own.seq
      AND b.id <> ALL (budget_left.besides);
    tokens := own.budget_tokens - own.tokens - below.tokens;
    cost_usd := own.budget_usd - own.cost_usd - below.cost_usd;
END $$;
COMMENT ON FUNCTION agentctl.budget_left(bigint, bigint[]) IS
    'What the present turn of a task has left of its budget, after what was spent and what tasks below it hold, those '
    'in besides left out. NULL for no limit. Internal: spawning and claiming call it.';
REVOKE ALL ON FUNCTION agentctl.budget_left(bigint, bigint[]) FROM PUBLIC;
