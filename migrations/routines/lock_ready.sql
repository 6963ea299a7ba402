-- replaces: lock_ready(integer)
-- Of the highest priority the accounts of the queues take turns, and what an account has in a queue is taken in order of
-- its lanes. Each step is a probe of the index: it costs the same however many queues and accounts there are and however
-- much one of them has.
--
-- While somebody has an old snapshot, or has locked many rows, the index is full of entries that lead to nothing, each
-- of which takes about 2 µs. A session that reads many of them remembers how far it came in each lane, and begins
-- there for a while. What was committed late lies before that. It is found when the whole queue is read again: after a
-- second, but in no more than a hundredth of the time; or a tenth of it, when nothing else is found.
CREATE OR REPLACE FUNCTION agentctl.lock_ready(maximum integer, serves integer[]) RETURNS text[]
LANGUAGE plpgsql SET search_path = agentctl, pg_temp
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
    SET enable_mergejoin = off SET jit = off
    SET datestyle = ISO AS $$
#variable_conflict use_column
DECLARE
    many CONSTANT integer := 100;
    cost CONSTANT interval := '2 microseconds';
    began CONSTANT timestamptz := clock_timestamp();
    remembered CONSTANT text := current_setting('agentctl.claim_memory', true);
    own claim_memory := nullif(remembered, '')::claim_memory;
    is_sweep boolean := own.swept_at IS NULL OR began > own.swept_at + greatest(own.entries * (100 * cost), '1 second');
    before CONSTANT bigint := pg_stat_get_xact_tuples_returned('conversation_ready'::regclass);
    level integer := -32769;
    known integer;
    part integer;
    got record;
    is_alone boolean;
    -- Queue and account in one number.
    place bigint;
    last_place bigint;
    fruitless bigint[];
    locked text[] := '{}';
BEGIN
    -- The clock was set back.
    IF own.swept_at > began THEN
        own := (own.queue_key, own.account_key, NULL, NULL, NULL)::claim_memory;
        is_sweep := true;
    END IF;
    own.worked_off := CASE WHEN is_sweep THEN '{}' ELSE own.worked_off END;
    <<priorities>>
    LOOP
        known := 32768;
        IF cardinality(own.worked_off) > 0 THEN
            known := coalesce((
                SELECT min(w.priority) FROM unnest(own.worked_off) AS w WHERE w.priority > level), known);
        END IF;
        level := coalesce((
            SELECT c.priority FROM work_list AS c
            WHERE c.state = 'ready' AND c.priority > level AND c.priority < known
            ORDER BY c.priority, c.queue_key, c.account_key, c.lane, c.ready_at, c.conversation_id LIMIT 1), known);
        EXIT WHEN level = 32768;
        part := 1;
        fruitless := '{}';
        LOOP
            got := agentctl.lock_next(level, coalesce(own.queue_key, 2147483647), coalesce(own.account_key, 0), part,
                serves, own.worked_off, locked);
            EXIT WHEN got.queue_key IS NULL;
            last_place := own.queue_key * 4294967296 + own.account_key;
            place := got.queue_key * 4294967296 + got.account_key;
            IF NOT is_sweep
                OR pg_stat_get_xact_tuples_returned('conversation_ready'::regclass) > before + many
            THEN
                own.worked_off := agentctl.add_worked_off(own.worked_off,
                    (level, got.queue_key, got.account_key, got.lane,
                        CASE WHEN cardinality(got.conversations) = part THEN got.ready_at ELSE began END)::read_lane,
                    began);
            END IF;
            EXIT WHEN got.conversations IS NULL AND place = ANY (fruitless);
            IF got.conversations IS NULL THEN
                fruitless := fruitless || place;
            ELSE
                locked := locked || got.conversations;
                fruitless := '{}';
            END IF;
            is_alone := place = last_place;
            own.queue_key := got.queue_key;
            own.account_key := got.account_key;
            EXIT priorities WHEN cardinality(locked) >= maximum;
            part := CASE WHEN is_alone THEN maximum - cardinality(locked) ELSE 1 END;
        END LOOP;
    END LOOP;
    IF is_sweep THEN
        own.entries := pg_stat_get_xact_tuples_returned('conversation_ready'::regclass) - before;
        IF own.entries > many THEN
            own.swept_at := began;
        ELSE
            own := (own.queue_key, own.account_key, NULL, NULL, NULL)::claim_memory;
        END IF;
    ELSIF locked = '{}' AND began > own.swept_at + own.entries * (10 * cost) THEN
        own := (own.queue_key, own.account_key, NULL, NULL, NULL)::claim_memory;
        PERFORM set_config('agentctl.claim_memory', own::text, false);
        RETURN agentctl.lock_ready(lock_ready.maximum, lock_ready.serves);
    END IF;
    IF own::text IS DISTINCT FROM remembered THEN
        PERFORM set_config('agentctl.claim_memory', own::text, false);
    END IF;
    RETURN locked;
END $$;
COMMENT ON FUNCTION agentctl.lock_ready(integer, integer[]) IS
    'Locks up to maximum conversations that are ready in the queues of these keys (NULL for all), those of the highest '
    'priority first, of which accounts take turns; returns their ids. Internal: claim() calls it.';
REVOKE ALL ON FUNCTION agentctl.lock_ready(integer, integer[]) FROM PUBLIC;
