-- What another transaction has written is seen when it has ended. Whoever submits waits behind an attempt: so each is
-- short, and lets the others go first before the next. One lock is waited for, while none is held that others wait for:
-- nobody's wait can end as a deadlock.
CREATE OR REPLACE FUNCTION agentctl.lock_submissions() RETURNS text
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    limit_before text := current_setting('lock_timeout');
    over timestamptz := clock_timestamp()
        + CASE limit_before WHEN '0' THEN interval '5 s' ELSE limit_before::interval END;
    patience text := '200ms';
    held oid;
    is_vacuum boolean;
    holder text;
BEGIN
    LOOP
        BEGIN
            PERFORM set_config('lock_timeout', patience, true);
            IF held = 'task'::regclass THEN
                LOCK TABLE task IN SHARE MODE;
                LOCK TABLE submission IN SHARE MODE NOWAIT;
            ELSE
                LOCK TABLE submission IN SHARE MODE;
                LOCK TABLE task IN SHARE MODE NOWAIT;
            END IF;
            PERFORM set_config('lock_timeout', limit_before, true);
            RETURN NULL;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_stat_clear_snapshot();
            -- A worker of autovacuum has no user.
            SELECT l.relation, a.pid IS NOT NULL AND a.usename IS NULL,
                   'process ' || l.pid || coalesce(' of user ' || a.usename, '')
                   || coalesce(' (' || nullif(a.application_name, '') || ')', '')
                   || coalesce(', whose transaction began '
                       || round(extract(epoch FROM clock_timestamp() - a.xact_start)) || ' s ago', '')
            INTO held, is_vacuum, holder
            FROM pg_locks AS l
            LEFT JOIN pg_stat_activity AS a ON a.pid = l.pid
            WHERE l.locktype = 'relation' AND l.granted AND l.pid <> pg_backend_pid()
              AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
              AND l.relation IN ('submission'::regclass, 'task'::regclass)
              AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'ShareLock')
            ORDER BY a.usename IS NULL, a.xact_start LIMIT 1;
        END;
        IF clock_timestamp() >= over THEN
            RETURN coalesce(holder, 'one that has just ended');
        END IF;
        -- The server stops a worker of autovacuum that is in the way of somebody for deadlock_timeout.
        patience := CASE WHEN is_vacuum
            THEN (extract(epoch FROM current_setting('deadlock_timeout')::interval) * 1000 + 500)::integer || 'ms'
            ELSE '200ms' END;
        PERFORM pg_sleep(0.1);
    END LOOP;
END $$;
COMMENT ON FUNCTION agentctl.lock_submissions() IS
    'Keeps others from writing submissions and tasks until the transaction ends, as soon as what they have written is '
    'committed; returns NULL, or, after 5 s or the caller''s own lock_timeout, whose open transaction is in the way. '
    'Internal: unregister() calls it.';
REVOKE ALL ON FUNCTION agentctl.lock_submissions() FROM PUBLIC;
