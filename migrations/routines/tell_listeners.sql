-- Whoever may connect can listen, and a transaction that notifies takes a lock of the whole server for its commit: off
-- unless it is asked for.
CREATE OR REPLACE FUNCTION agentctl.tell_listeners(type text, conversation text, seq bigint, data jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
BEGIN
    IF agentctl.setting('notify_clients') = 'on' THEN
        PERFORM pg_notify('agentctl_events', (jsonb_build_object(
            'type', type, 'conversation', conversation, 'seq', seq) || tell_listeners.data)::text);
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.tell_listeners(text, text, bigint, jsonb) IS
    'Notifies the channel agentctl_events where the setting notify_clients is on: {type, conversation, seq, …}. '
    'Internal: finish(), give_up() and save_progress() call it.';
REVOKE ALL ON FUNCTION agentctl.tell_listeners(text, text, bigint, jsonb) FROM PUBLIC;
