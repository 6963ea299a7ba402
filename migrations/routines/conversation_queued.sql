-- Whatever makes a conversation ready that was in a turn, or after one: what comes next is stored by then. Of an idle one
-- submit() and submit_operation() say it, as they store what comes next after they have its number. The condition of the
-- trigger is short, as the server parses it anew for each statement, whether it holds or not.
CREATE OR REPLACE FUNCTION agentctl.conversation_queued() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF OLD.state IN ('running', 'waiting', 'parked') OR OLD.cancel_seq <> NEW.cancel_seq OR OLD.head_seq <> NEW.head_seq
    THEN
        NEW.queue_key := agentctl.queue_of(NEW.conversation_id, NEW.head_seq + 1, NEW.cancel_seq > NEW.head_seq);
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION agentctl.conversation_queued() IS
    'Trigger: puts a conversation that becomes ready again into the queue of its next submission.';
REVOKE ALL ON FUNCTION agentctl.conversation_queued() FROM PUBLIC;

CREATE OR REPLACE TRIGGER conversation_queued BEFORE UPDATE ON agentctl.conversation_control
    FOR EACH ROW WHEN (NEW.state = 'ready') EXECUTE FUNCTION agentctl.conversation_queued();
