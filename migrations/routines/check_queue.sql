-- Whoever may not see what others do makes no queues: a name that nobody works off would wait for ever, and each new one
-- is one more that claims step over.
CREATE OR REPLACE FUNCTION agentctl.check_queue(queue text, workspace text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF queue !~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$' THEN
        RAISE EXCEPTION 'the name of a queue has 1 to 64 letters, digits, _ . or -, and begins with a letter or digit'
            USING ERRCODE = 'AC001';
    ELSIF octet_length(workspace) > 4096 OR workspace !~ '^[^:[:cntrl:]]+:/[^[:cntrl:]]*$' THEN
        RAISE EXCEPTION 'a workspace is HOST:PATH, as agentctl.worker_status shows it, with at most 4096 bytes'
            USING ERRCODE = 'AC001';
    ELSIF queue IS NULL AND workspace IS NULL OR agentctl.may_see_all() THEN
        RETURN;
    ELSIF NOT EXISTS (SELECT FROM work_queue AS q WHERE q.name = check_queue.queue)
        AND NOT EXISTS (SELECT FROM worker AS w WHERE w.queues @> ARRAY[check_queue.queue]
            AND w.state IN ('active', 'draining'))
        AND queue IS NOT NULL
    THEN
        RAISE EXCEPTION 'there is no queue "%"', queue USING ERRCODE = 'AC002',
            HINT = 'A queue is there when an agent names it, or a worker works it off.';
    ELSIF workspace IS NOT NULL AND NOT EXISTS (
        SELECT FROM worker AS w WHERE w.offers @> ARRAY['workspace:' || check_queue.workspace]
            AND w.kind = 'service' AND w.state IN ('active', 'draining'))
    THEN
        RAISE EXCEPTION 'no worker has the workspace %', workspace USING ERRCODE = 'AC002';
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.check_queue(text, text) IS
    'Fails unless a submission may go to a queue and a workspace; NULL for none given. Internal.';
REVOKE ALL ON FUNCTION agentctl.check_queue(text, text) FROM PUBLIC;
