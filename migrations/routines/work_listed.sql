-- Whoever changes a row of conversation_control holds it, so nobody else writes its entry. claim(), store_turns() and
-- submit() write the entries with the same statement: a call of a trigger takes longer than the entry. The conditions
-- are short, as the server parses them anew for each statement, whether they hold or not.
CREATE OR REPLACE FUNCTION agentctl.work_listed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (
        OLD.state, OLD.priority, OLD.queue_key, OLD.account_key, OLD.lane, OLD.ready_at, OLD.worker_id, OLD.wake_at)
        IS NOT DISTINCT FROM (
        NEW.state, NEW.priority, NEW.queue_key, NEW.account_key, NEW.lane, NEW.ready_at, NEW.worker_id, NEW.wake_at)
    THEN
        RETURN NULL;
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM work_list AS w WHERE w.conversation_id = OLD.conversation_id;
    ELSIF NEW.state = 'idle' THEN
        DELETE FROM work_list AS w WHERE w.conversation_id = NEW.conversation_id;
    ELSE
        INSERT INTO work_list AS w
        VALUES (NEW.conversation_id, NEW.state, NEW.priority, NEW.queue_key, NEW.account_key, NEW.lane, NEW.ready_at,
            NEW.worker_id, NEW.wake_at)
        ON CONFLICT (conversation_id) DO UPDATE
        SET state = NEW.state, priority = NEW.priority, queue_key = NEW.queue_key, account_key = NEW.account_key,
            lane = NEW.lane, ready_at = NEW.ready_at, worker_id = NEW.worker_id, wake_at = NEW.wake_at;
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION agentctl.work_listed() IS
    'Trigger: keeps the entry of a conversation in work_list, by its row in conversation_control.';
REVOKE ALL ON FUNCTION agentctl.work_listed() FROM PUBLIC;

CREATE OR REPLACE TRIGGER work_listed_first AFTER INSERT ON agentctl.conversation_control
    FOR EACH ROW WHEN (NEW.state <> 'idle') EXECUTE FUNCTION agentctl.work_listed();
CREATE OR REPLACE TRIGGER work_listed AFTER UPDATE ON agentctl.conversation_control
    FOR EACH ROW WHEN (OLD.listed = NEW.listed) EXECUTE FUNCTION agentctl.work_listed();
CREATE OR REPLACE TRIGGER work_listed_last AFTER DELETE ON agentctl.conversation_control
    FOR EACH ROW WHEN (OLD.state <> 'idle') EXECUTE FUNCTION agentctl.work_listed();
