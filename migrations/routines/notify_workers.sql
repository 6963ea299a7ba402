-- A transaction that notifies takes a lock of the whole server for its commit: notifying transactions commit one after
-- the other. Where workers have more to do they look by themselves, and nobody is notified: when others wait that
-- have become ready a moment ago, or many others. One or a few that have waited for long are not being taken, as a
-- transaction of a client holds their rows, and say nothing about the workers.
CREATE OR REPLACE FUNCTION agentctl.notify_workers(conversation text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
    SET jit = off AS $$
#variable_conflict use_column
DECLARE
    many CONSTANT integer := 8;
    others integer;
    newest timestamptz;
BEGIN
    IF current_setting('agentctl.wake', true) = 'off' THEN
        RETURN;
    END IF;
    -- From the end of the index that was written last: there it is shortest to what is ready now.
    SELECT count(*), max(o.ready_at) INTO others, newest FROM (
        SELECT c.ready_at FROM conversation_control AS c
        WHERE c.state = 'ready' AND c.conversation_id IS DISTINCT FROM notify_workers.conversation
        ORDER BY c.priority DESC, c.account_key DESC, c.lane DESC, c.ready_at DESC, c.conversation_id DESC
        LIMIT many
    ) AS o;
    IF others < many AND (newest IS NULL OR newest < clock_timestamp() - interval '1 second') THEN
        PERFORM pg_notify('agentctl_ready', '');
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.notify_workers(text) IS
    'Notifies workers of a conversation that has become ready (NULL: of some that are about to), unless they have '
    'enough to do. Not in a transaction that has SET LOCAL agentctl.wake = off, as one that notifies cannot be '
    'PREPAREd. Internal: submit() and whatever else makes conversations ready calls it.';
REVOKE ALL ON FUNCTION agentctl.notify_workers(text) FROM PUBLIC;
