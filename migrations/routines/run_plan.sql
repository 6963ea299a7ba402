-- replaces: run_plan(bigint, text, text, integer)
CREATE OR REPLACE FUNCTION agentctl.run_plan(
    plan bigint, agent text DEFAULT NULL, mode text DEFAULT NULL, max_steps integer DEFAULT NULL,
    outcomes jsonb DEFAULT '{}', OUT conversation text, OUT seq bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    asked agentctl.plan := agentctl.require_plan(run_plan.plan);
    lack text;
    steps jsonb;
BEGIN
    SELECT p.* INTO asked FROM plan AS p WHERE p.id = asked.id FOR NO KEY UPDATE;
    IF asked.state <> 'approved' AND NOT agentctl.is_plan_over(asked) THEN
        RAISE EXCEPTION 'plan % is %', asked.id, asked.state USING ERRCODE = 'AC003', HINT = CASE
            WHEN asked.state = 'draft' THEN 'Approve it first: agentctl.approve_plan().'
            WHEN asked.state = 'completed' THEN 'There is nothing left to do; store another.'
            WHEN asked.approved_at IS NULL THEN 'An agent keeps it of its own turn.'
            ELSE 'Its turn has not ended: see agentctl.plans.' END;
    ELSIF run_plan.mode NOT IN ('sequential', 'parallel', 'interactive') THEN
        RAISE EXCEPTION 'a mode is sequential, parallel or interactive' USING ERRCODE = 'AC001';
    ELSIF run_plan.max_steps NOT BETWEEN 1 AND 200 THEN
        RAISE EXCEPTION 'max_steps is 1 to 200' USING ERRCODE = 'AC001';
    END IF;
    run_plan.agent := coalesce(run_plan.agent, asked.agent, 'executor');
    IF agentctl.usable_responder(run_plan.agent) IS NULL THEN
        PERFORM agentctl.raise_unusable('agent', run_plan.agent, 'See agentctl.agents.');
    END IF;
    lack := agentctl.plan_agent_problems(asked.id, run_plan.agent);
    IF lack IS NOT NULL THEN
        RAISE EXCEPTION 'agent "%" cannot run plan %: %', run_plan.agent, asked.id, lack USING ERRCODE = 'AC003';
    END IF;
    asked.mode := coalesce(run_plan.mode, asked.mode);
    asked.max_steps := coalesce(run_plan.max_steps, asked.max_steps);
    steps := CASE asked.state WHEN 'approved' THEN agentctl.plan_step_list(asked.id)
        ELSE agentctl.resume_plan_steps(asked, coalesce(run_plan.outcomes, '{}')) END;
    -- Whoever took the name first has no say over the plan: only a conversation of this transaction's own will do.
    conversation := agentctl.conversation_id('plan:' || asked.id);
    IF NOT agentctl.start_conversation(conversation, run_plan.agent) THEN
        conversation := conversation || ':' || left(gen_random_uuid()::text, 8);
        IF NOT agentctl.start_conversation(conversation, run_plan.agent) THEN
            RAISE EXCEPTION 'there is a conversation "%" already', conversation USING ERRCODE = 'AC003';
        END IF;
    END IF;
    seq := agentctl.submit(conversation, agent => run_plan.agent, input => jsonb_build_object('plan', asked.id, 'task',
        asked.task, 'mode', asked.mode, 'max_steps', asked.max_steps, 'max_replans', asked.max_replans,
        'recover', asked.recover, 'steps', steps));
    UPDATE plan AS p
    SET state = 'running', finished_at = NULL, mode = asked.mode, max_steps = asked.max_steps, agent = run_plan.agent,
        conversation_id = run_plan.conversation, seq = run_plan.seq, started_at = clock_timestamp()
    WHERE p.id = asked.id;
END $$;
COMMENT ON FUNCTION agentctl.run_plan(bigint, text, text, integer, jsonb) IS
    'Has an agent whose model is of the provider plan run an approved plan, in a conversation of its own; returns the '
    'turn. A plan whose turn ended before it, or that failed, goes on: completed steps stay, and the others run. '
    'outcomes says of steps that were cut off whether they happened: {number: happened or did_not_happen}; it '
    'resolves their calls, and fails, as resolve_tool_call() does. Fails with '
    'AC003 when the plan is not approved, when it runs, and when the agent lacks what the steps call.';
REVOKE ALL ON FUNCTION agentctl.run_plan(bigint, text, text, integer, jsonb) FROM PUBLIC;
