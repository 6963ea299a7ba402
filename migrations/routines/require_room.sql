CREATE OR REPLACE FUNCTION agentctl.require_room(account text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    most bigint := agentctl.setting('max_ready')::bigint;
    most_of_user bigint := agentctl.setting('max_ready_per_user')::bigint;
    counted bigint;
BEGIN
    IF most = 0 AND most_of_user = 0 OR agentctl.may_see_all() THEN
        RETURN;
    END IF;
    IF most > 0 THEN
        SELECT count(*) INTO counted FROM (SELECT FROM work_list AS c WHERE c.state = 'ready' LIMIT most) AS c;
        IF counted >= most THEN
            RAISE EXCEPTION '% conversations wait for a worker already, and no more may', most USING ERRCODE = 'AC003',
                HINT = 'Try again later. Setting max_ready in agentctl.setting.';
        END IF;
    END IF;
    IF most_of_user > 0 THEN
        SELECT count(*) INTO counted FROM (
            SELECT FROM agentctl.ready_places() AS p
            CROSS JOIN LATERAL (
                SELECT FROM work_list AS c
                WHERE c.state = 'ready' AND c.priority = p.priority AND c.queue_key = p.queue_key
                  AND c.account_key = agentctl.account_key(require_room.account)
                LIMIT most_of_user
            ) AS c
            LIMIT most_of_user
        ) AS c;
        IF counted >= most_of_user THEN
            RAISE EXCEPTION '% conversations of yours wait for a worker already, and no more may', most_of_user
                USING ERRCODE = 'AC003', HINT = 'Try again later. Setting max_ready_per_user in agentctl.setting.';
        END IF;
    END IF;
END $$;
COMMENT ON FUNCTION agentctl.require_room(text) IS
    'Fails with AC003 when as many conversations are ready, or of the account, as the settings max_ready and '
    'max_ready_per_user allow. Operators, workers and what they carry out are not refused. Internal.';
REVOKE ALL ON FUNCTION agentctl.require_room(text) FROM PUBLIC;
