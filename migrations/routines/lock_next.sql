-- replaces: lock_next(integer, integer, integer, agentctl.worked_off[], text[])
-- Without settings of its own but one: lock_ready(), which has them, calls it for each turn.
--
-- Two walks: from the account after the last one, and after the last account of the last queue from the beginning. At a
-- queue that is not served a walk goes on with the next that is: a queue in between costs one probe.
CREATE OR REPLACE FUNCTION agentctl.lock_next(
    level integer, after_queue integer, after_account integer, maximum integer, serves integer[],
    besides agentctl.read_lane[], locked text[],
    OUT queue_key integer, OUT account_key integer, OUT conversations text[], OUT lane integer, OUT ready_at timestamptz
)
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
DECLARE
    -- Where the second walk begins.
    again_queue integer := -2147483648;
    again_account integer := -2147483648;
    is_again boolean;
    served integer;
BEGIN
    LOOP
        IF cardinality(besides) = 0 THEN
            SELECT n.queue_key, n.account_key, n.is_again, r.conversations, coalesce(r.lane, n.lane), r.ready_at
            INTO queue_key, account_key, is_again, conversations, lane, ready_at
            FROM (
                SELECT a.queue_key, a.account_key, a.lane, b.is_again
                FROM (VALUES (after_queue, after_account, false), (again_queue, again_account, true))
                    AS b (queue_key, account_key, is_again)
                CROSS JOIN LATERAL (
                    SELECT c.queue_key, c.account_key, c.lane FROM work_list AS c
                    WHERE c.state = 'ready' AND c.priority = level
                      AND (c.queue_key, c.account_key) > (b.queue_key, b.account_key)
                      AND c.conversation_id <> ALL (locked)
                    ORDER BY c.priority, c.queue_key, c.account_key, c.lane, c.ready_at, c.conversation_id LIMIT 1
                ) AS a
                LIMIT 1
            ) AS n
            CROSS JOIN LATERAL (
                SELECT array_agg(l.conversation_id) AS conversations, max(l.lane) AS lane, max(l.ready_at) AS ready_at
                FROM (
                    SELECT c.conversation_id, c.lane, c.ready_at FROM work_list AS c
                    JOIN conversation_control AS o ON o.conversation_id = c.conversation_id AND o.state = 'ready'
                    WHERE c.state = 'ready' AND c.priority = level AND c.queue_key = n.queue_key
                      AND c.account_key = n.account_key AND c.conversation_id <> ALL (locked)
                      AND (serves IS NULL OR n.queue_key = ANY (serves))
                    ORDER BY c.priority, c.queue_key, c.account_key, c.lane, c.ready_at, c.conversation_id
                    LIMIT maximum
                    FOR NO KEY UPDATE OF o SKIP LOCKED
                ) AS l
            ) AS r;
        ELSE
            -- What lies between two beginnings that are worked off is one range of the index.
            SELECT n.queue_key, n.account_key, n.lane, w.is_again INTO queue_key, account_key, lane, is_again
            FROM (
                SELECT w.*, lead(w.queue_key, 1, 2147483647) OVER by_place AS next_queue,
                       lead(w.account_key, 1, 2147483647) OVER by_place AS next_account,
                       lead(w.lane, 1, 2147483647) OVER by_place AS next_lane
                FROM (
                    VALUES (0, false, after_queue, after_account, 2147483647, 'infinity'::timestamptz),
                        (0, true, again_queue, again_account, 2147483647, 'infinity')
                    UNION ALL
                    SELECT b.place, p.is_again, b.queue_key, b.account_key, b.lane, b.until
                    FROM unnest(besides) WITH ORDINALITY AS b (priority, queue_key, account_key, lane, until, place)
                    CROSS JOIN LATERAL (SELECT NOT coalesce(
                        (b.queue_key, b.account_key) > (after_queue, after_account), false) AS is_again) AS p
                    WHERE b.priority = level
                      AND (NOT p.is_again OR (b.queue_key, b.account_key) > (again_queue, again_account))
                ) AS w (place, is_again, queue_key, account_key, lane, until)
                WINDOW by_place AS (PARTITION BY w.is_again ORDER BY w.place)
            ) AS w
            CROSS JOIN LATERAL (
                SELECT c.queue_key, c.account_key, c.lane FROM work_list AS c
                WHERE c.state = 'ready' AND c.priority = level
                  AND (c.queue_key, c.account_key, c.lane, c.ready_at)
                      >= (w.queue_key, w.account_key, w.lane, w.until)
                  AND (c.queue_key, c.account_key, c.lane) < (w.next_queue, w.next_account, w.next_lane)
                  AND c.conversation_id <> ALL (locked)
                ORDER BY c.priority, c.queue_key, c.account_key, c.lane, c.ready_at, c.conversation_id LIMIT 1
            ) AS n
            ORDER BY w.is_again, w.place LIMIT 1;
        END IF;
        EXIT WHEN queue_key IS NULL OR serves IS NULL OR queue_key = ANY (serves);
        served := (SELECT min(s.key) FROM unnest(serves) AS s (key) WHERE s.key > lock_next.queue_key);
        IF NOT is_again THEN
            after_queue := served;
            after_account := -2147483648;
        ELSE
            after_queue := NULL;
            again_queue := served;
        END IF;
    END LOOP;
    IF queue_key IS NULL OR cardinality(besides) = 0 THEN
        RETURN;
    END IF;
    SELECT array_agg(l.conversation_id), coalesce(max(l.lane), lock_next.lane), max(l.ready_at)
    INTO conversations, lane, ready_at
    FROM (
        SELECT c.*
        FROM (
            SELECT w.*, lead(w.lane, 1, 2147483647) OVER (ORDER BY w.place) AS next_lane
            FROM (
                VALUES (0, -2147483648, '-infinity'::timestamptz)
                UNION ALL
                SELECT b.place, b.lane, b.until
                FROM unnest(besides) WITH ORDINALITY AS b (priority, queue_key, account_key, lane, until, place)
                WHERE b.priority = level AND b.queue_key = lock_next.queue_key
                  AND b.account_key = lock_next.account_key
            ) AS w (place, lane, until)
        ) AS w
        CROSS JOIN LATERAL (
            SELECT c.conversation_id, c.lane, c.ready_at FROM work_list AS c
            JOIN conversation_control AS o ON o.conversation_id = c.conversation_id AND o.state = 'ready'
            WHERE c.state = 'ready' AND c.priority = level AND c.queue_key = lock_next.queue_key
              AND c.account_key = lock_next.account_key
              AND (c.lane, c.ready_at) >= (w.lane, w.until) AND c.lane < w.next_lane
              AND c.conversation_id <> ALL (locked)
            ORDER BY c.priority, c.queue_key, c.account_key, c.lane, c.ready_at, c.conversation_id
            LIMIT maximum
            FOR NO KEY UPDATE OF o SKIP LOCKED
        ) AS c
        ORDER BY w.place LIMIT maximum
    ) AS l;
END $$;
COMMENT ON FUNCTION
    agentctl.lock_next(integer, integer, integer, integer, integer[], agentctl.read_lane[], text[]) IS
    'Locks up to maximum ready conversations of a priority, of the account of a queue whose turn is after one''s (after '
    'the last comes the first), of the queues that are served (NULL for all), besides what is worked off, in order, '
    'what this transaction has locked, and what others have. queue_key is NULL when no account has any, conversations '
    'when all are locked; lane and ready_at are those up to which they were read. Internal: lock_ready() calls it.';
REVOKE ALL ON FUNCTION agentctl.lock_next(integer, integer, integer, integer, integer[], agentctl.read_lane[], text[])
    FROM PUBLIC;
