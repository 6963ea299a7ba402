-- replaces: start_worker(text, text, integer, text, integer)
CREATE OR REPLACE FUNCTION agentctl.start_worker(
    kind text, host text, process_id integer, release text, slots integer, queues text[] DEFAULT NULL,
    offers text[] DEFAULT NULL
) RETURNS TABLE (id bigint, time_to_live double precision, max_attempts integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF EXISTS (SELECT FROM unnest(start_worker.queues) AS q (name) WHERE q.name !~ '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$')
        OR cardinality(start_worker.queues) NOT BETWEEN 1 AND 1000 OR cardinality(start_worker.offers) > 10000
    THEN
        RAISE EXCEPTION 'a worker works off 1 to 1000 queues; the name of one has 1 to 64 letters, digits, _ . or -'
            USING ERRCODE = 'AC001';
    END IF;
    -- They are made together: one stands for all. A process that only works off a message of its own is a worker, too,
    -- and there may be no other for months.
    IF to_regclass('agentctl.event' || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month',
        '_YYYY_MM')) IS NULL THEN
        BEGIN
            PERFORM agentctl.create_partitions();
        EXCEPTION WHEN lock_not_available THEN
            NULL;  -- There is time left, and workers try again.
        END;
    END IF;
    PERFORM agentctl.rebase_rollup();
    RETURN QUERY
    INSERT INTO worker AS w (kind, host, process_id, release, slots, queues, offers)
    VALUES (start_worker.kind, start_worker.host, start_worker.process_id, start_worker.release, start_worker.slots,
            start_worker.queues, start_worker.offers)
    RETURNING w.id, w.time_to_live, agentctl.setting('max_attempts')::integer;
END $$;
COMMENT ON FUNCTION agentctl.start_worker(text, text, integer, text, integer, text[], text[]) IS
    'Makes the row of a worker that starts, works off these queues and offers this (NULL for all). Returns its id, the seconds without a heartbeat after which it counts as '
    'lost, and how often it may claim a submission that is not finished.';
REVOKE ALL ON FUNCTION agentctl.start_worker(text, text, integer, text, integer, text[], text[]) FROM PUBLIC;
