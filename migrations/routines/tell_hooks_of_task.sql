-- A trigger, as tasks end in several ways: their turn ends, they are cancelled or given up before they begin.
CREATE OR REPLACE FUNCTION agentctl.tell_hooks_of_task() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM hook_state) THEN
        PERFORM agentctl.write_deliveries(
            ARRAY[CASE NEW.state WHEN 'done' THEN 'task_done' WHEN 'cancelled' THEN 'task_cancelled'
                ELSE 'task_failed' END], NEW.agent, NEW.created_by,
            jsonb_build_object('task', NEW.id, 'state', NEW.state, 'agent', NEW.agent, 'attempt', NEW.attempt,
                'conversation', NEW.conversation_id, 'seq', NEW.seq, 'parent_conversation', NEW.parent_conversation_id,
                'parent_seq', NEW.parent_seq, 'error_code', NEW.error_code, 'tokens', NEW.tokens,
                'cost_usd', NEW.cost_usd));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.tell_hooks_of_task() IS 'Trigger: writes what hooks are told of the end of a task.';
REVOKE ALL ON FUNCTION agentctl.tell_hooks_of_task() FROM PUBLIC;

CREATE OR REPLACE TRIGGER tell_hooks_of_task AFTER UPDATE OF state ON agentctl.task
    FOR EACH ROW WHEN (OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL)
    EXECUTE FUNCTION agentctl.tell_hooks_of_task();
