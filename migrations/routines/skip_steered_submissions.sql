-- Messages that the turn took up and that come right after it are done with it.
CREATE OR REPLACE FUNCTION agentctl.skip_steered_submissions(conversation text, seq bigint) RETURNS void
LANGUAGE plpgsql SET search_path = agentctl, pg_temp AS $$
#variable_conflict use_column
BEGIN
    UPDATE conversation_control AS c
    SET head_seq = passed.seq,
        state = CASE WHEN c.tail_seq > passed.seq THEN c.state ELSE 'idle' END,
        ready_at = CASE WHEN c.tail_seq > passed.seq THEN c.ready_at END
    FROM (SELECT coalesce(waiting.seq - 1, o.tail_seq) AS seq
          FROM conversation_control AS o
          LEFT JOIN LATERAL (
              SELECT s.seq FROM submission AS s
              WHERE s.conversation_id = o.conversation_id AND s.seq > skip_steered_submissions.seq AND s.taken_by IS NULL
              ORDER BY s.seq LIMIT 1
          ) AS waiting ON true
          WHERE o.conversation_id = skip_steered_submissions.conversation) AS passed
    WHERE c.conversation_id = skip_steered_submissions.conversation AND passed.seq > c.head_seq;
END $$;
COMMENT ON FUNCTION agentctl.skip_steered_submissions(text, bigint) IS
    'Goes on past the messages that a turn has taken up. Internal: tell_of_turns() and give_up() call it under '
    'the lock on the control row.';
REVOKE ALL ON FUNCTION agentctl.skip_steered_submissions(text, bigint) FROM PUBLIC;
