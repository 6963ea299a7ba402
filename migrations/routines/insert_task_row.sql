CREATE OR REPLACE FUNCTION agentctl.insert_task_row() RETURNS trigger
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF NEW.parent_conversation_id IS NOT NULL OR NEW.parent_seq IS NOT NULL THEN
        RAISE EXCEPTION 'tasks of a turn are inserted by the turn' USING ERRCODE = 'AC003';
    END IF;
    NEW.id := agentctl.submit_task(NEW.description, coalesce(NEW.capabilities, '{}'), NEW.input, NEW.agent,
        coalesce(NEW.priority::integer, 10), NEW.deadline,
        nullif(jsonb_strip_nulls(jsonb_build_object('tokens', NEW.budget_tokens, 'cost_usd', NEW.budget_usd)), '{}'),
        coalesce(NEW.max_attempts::integer, 2), coalesce(NEW.depends_on, '{}'));
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agentctl.insert_task_row() IS 'Trigger: submits the row of the view tasks.';
REVOKE ALL ON FUNCTION agentctl.insert_task_row() FROM PUBLIC;
