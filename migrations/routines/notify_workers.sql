-- replaces: notify_workers(text)
-- A transaction that notifies takes a lock of the whole server for its commit: notifying transactions commit one after
-- the other. Where workers have more to do they look by themselves, and nobody is notified: when others wait in the same
-- queue that have become ready a moment ago, or many others. One or a few that have waited for long are not being taken,
-- as a transaction of a client holds their rows, or nobody serves the queue, and say nothing about the workers.
--
-- While somebody has an old snapshot, the end of the index is full of entries that lead to nothing, as in lock_ready(). A
-- session that reads many of them keeps to what it has found for a while, so that it spends a hundredth of its time on it.
CREATE OR REPLACE FUNCTION agentctl.notify_workers(queue_key integer, conversation text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
    SET jit = off AS $$
#variable_conflict use_column
DECLARE
    many CONSTANT integer := 8;
    moment CONSTANT double precision := extract(epoch FROM clock_timestamp());
    -- Whether workers are to be notified, until when that holds, and of which queue.
    kept CONSTANT text[] := string_to_array(nullif(current_setting('agentctl.notifier', true), ''), ' ');
    before CONSTANT bigint := pg_stat_get_xact_tuples_returned('conversation_ready'::regclass);
    entries bigint;
    level integer := 32767;
    others integer := 0;
    newest timestamptz;
    found record;
    has_room boolean;
BEGIN
    IF current_setting('agentctl.wake', true) = 'off' THEN
        RETURN;
    END IF;
    -- No longer than ten minutes, should the clock be set back.
    IF kept[3]::integer = notify_workers.queue_key AND kept[2]::double precision BETWEEN moment AND moment + 600 THEN
        IF kept[1]::boolean THEN
            PERFORM pg_notify('agentctl_ready', '');
        END IF;
        RETURN;
    END IF;
    -- From the end of the index that was written last: there it is shortest to what is ready now. Few priorities tell.
    FOR step IN 1..many LOOP
        level := (
            SELECT c.priority FROM work_list AS c WHERE c.state = 'ready' AND c.priority <= level
            ORDER BY c.priority DESC, c.queue_key DESC, c.account_key DESC, c.lane DESC, c.ready_at DESC,
                c.conversation_id DESC LIMIT 1);
        EXIT WHEN level IS NULL;
        SELECT count(*) AS others, max(o.ready_at) AS newest INTO found FROM (
            SELECT c.ready_at FROM work_list AS c
            WHERE c.state = 'ready' AND c.priority = level AND c.queue_key = notify_workers.queue_key
              AND c.conversation_id IS DISTINCT FROM notify_workers.conversation
            ORDER BY c.priority DESC, c.queue_key DESC, c.account_key DESC, c.lane DESC, c.ready_at DESC,
                c.conversation_id DESC
            LIMIT many - others
        ) AS o;
        others := others + found.others;
        newest := greatest(newest, found.newest);
        EXIT WHEN others >= many OR newest >= clock_timestamp() - interval '1 second';
        level := level - 1;
    END LOOP;
    has_room := others < many AND (newest IS NULL OR newest < clock_timestamp() - interval '1 second');
    IF has_room THEN
        PERFORM pg_notify('agentctl_ready', '');
    END IF;
    entries := pg_stat_get_xact_tuples_returned('conversation_ready'::regclass) - before;
    IF entries > 100 THEN
        -- An entry takes about 2 µs.
        PERFORM set_config('agentctl.notifier', concat_ws(' ', has_room,
            moment + least(entries * 0.0002, 600), notify_workers.queue_key), false);
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.notify_workers(integer, text) IS
    'Notifies workers of a conversation that has become ready in the queue of a key (NULL: of some that are about to), '
    'unless they have enough to do there. Not in a transaction that has SET LOCAL agentctl.wake = off, as one that '
    'notifies cannot be PREPAREd. Internal: submit() and whatever else makes conversations ready calls it.';
REVOKE ALL ON FUNCTION agentctl.notify_workers(integer, text) FROM PUBLIC;
