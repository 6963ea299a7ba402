-- Without settings of its own but one: lock_ready(), which has them, calls it for each turn.
CREATE OR REPLACE FUNCTION agentctl.lock_next(
    level integer, after integer, maximum integer, besides agentctl.worked_off[], locked text[],
    OUT account_key integer, OUT conversations text[], OUT lane integer, OUT ready_at timestamptz
)
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF cardinality(besides) = 0 THEN
        SELECT n.account_key, r.conversations, coalesce(r.lane, n.lane), r.ready_at
        INTO account_key, conversations, lane, ready_at
        FROM (
            SELECT a.account_key, a.lane
            FROM (VALUES (lock_next.after), (-2147483648)) AS b (after)
            CROSS JOIN LATERAL (
                SELECT c.account_key, c.lane FROM conversation_control AS c
                WHERE c.state = 'ready' AND c.priority = level AND c.account_key > b.after
                  AND c.conversation_id <> ALL (locked)
                ORDER BY c.priority, c.account_key, c.lane, c.ready_at, c.conversation_id LIMIT 1
            ) AS a
            LIMIT 1
        ) AS n
        CROSS JOIN LATERAL (
            SELECT array_agg(l.conversation_id) AS conversations, max(l.lane) AS lane, max(l.ready_at) AS ready_at
            FROM (
                SELECT c.conversation_id, c.lane, c.ready_at FROM conversation_control AS c
                WHERE c.state = 'ready' AND c.priority = level AND c.account_key = n.account_key
                  AND c.conversation_id <> ALL (locked)
                ORDER BY c.priority, c.account_key, c.lane, c.ready_at, c.conversation_id
                LIMIT maximum
                FOR NO KEY UPDATE SKIP LOCKED
            ) AS l
        ) AS r;
        RETURN;
    END IF;
    -- What lies between two beginnings that are worked off is one range of the index.
    SELECT n.account_key, n.lane INTO account_key, lane
    FROM (
        SELECT w.*, lead(w.account_key, 1, 2147483647) OVER by_place AS next_account,
               lead(w.lane, 1, 2147483647) OVER by_place AS next_lane
        FROM (
            VALUES (0, lock_next.after, 2147483647, 'infinity'::timestamptz),
                (1000, -2147483648, 2147483647, 'infinity')
            UNION ALL
            SELECT b.place + CASE WHEN b.account_key > lock_next.after THEN 0 ELSE 1000 END, b.account_key, b.lane,
                   b.until
            FROM unnest(besides) WITH ORDINALITY AS b (priority, account_key, lane, until, place)
            WHERE b.priority = level
        ) AS w (place, account_key, lane, until)
        WINDOW by_place AS (PARTITION BY w.place >= 1000 ORDER BY w.place)
    ) AS w
    CROSS JOIN LATERAL (
        SELECT c.account_key, c.lane FROM conversation_control AS c
        WHERE c.state = 'ready' AND c.priority = level
          AND (c.account_key, c.lane, c.ready_at) >= (w.account_key, w.lane, w.until)
          AND (c.account_key, c.lane) < (w.next_account, w.next_lane)
          AND c.conversation_id <> ALL (locked)
        ORDER BY c.priority, c.account_key, c.lane, c.ready_at, c.conversation_id LIMIT 1
    ) AS n
    ORDER BY w.place LIMIT 1;
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
                FROM unnest(besides) WITH ORDINALITY AS b (priority, account_key, lane, until, place)
                WHERE b.priority = level AND b.account_key = lock_next.account_key
            ) AS w (place, lane, until)
        ) AS w
        CROSS JOIN LATERAL (
            SELECT c.conversation_id, c.lane, c.ready_at FROM conversation_control AS c
            WHERE c.state = 'ready' AND c.priority = level AND c.account_key = lock_next.account_key
              AND (c.lane, c.ready_at) >= (w.lane, w.until) AND c.lane < w.next_lane
              AND c.conversation_id <> ALL (locked)
            ORDER BY c.priority, c.account_key, c.lane, c.ready_at, c.conversation_id
            LIMIT maximum
            FOR NO KEY UPDATE SKIP LOCKED
        ) AS c
        ORDER BY w.place LIMIT maximum
    ) AS l;
END $$;
COMMENT ON FUNCTION agentctl.lock_next(integer, integer, integer, agentctl.worked_off[], text[]) IS
    'Locks up to maximum ready conversations of a priority, of the account whose turn is after one''s (after the last '
    'comes the first), besides what is worked off, in order, what this transaction has locked, and what others have. '
    'account_key is NULL when no account has any, conversations when all are locked; lane and ready_at are those up to '
    'which they were read. Internal: lock_ready() calls it.';
REVOKE ALL ON FUNCTION agentctl.lock_next(integer, integer, integer, agentctl.worked_off[], text[]) FROM PUBLIC;
