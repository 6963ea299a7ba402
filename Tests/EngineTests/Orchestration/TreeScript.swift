/// Turns as they stand when they have ended, with times that a test chooses.
enum TreeScript {
    /// Functions of the session: `at` (so many seconds after the beginning), `turn`, `task`, `step` and `event`.
    static let functions = """
        CREATE TABLE pg_temp.beginning AS SELECT clock_timestamp() - interval '200 s' AS at;
        CREATE FUNCTION pg_temp.at(seconds double precision) RETURNS timestamptz LANGUAGE sql AS $$
            SELECT b.at + make_interval(secs => seconds) FROM pg_temp.beginning AS b
        $$;
        CREATE FUNCTION pg_temp.turn(conversation text, agent text, submitted double precision, started double precision,
            finished double precision, own double precision) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO agentctl.conversation (id, agent, created_at) VALUES (conversation, turn.agent, pg_temp.at(submitted));
            INSERT INTO agentctl.conversation_control (conversation_id, head_seq, tail_seq) VALUES (conversation, 1, 1);
            INSERT INTO agentctl.submission (conversation_id, seq, body, created_at)
            VALUES (conversation, 1, '{"message": "x"}', pg_temp.at(submitted));
            INSERT INTO agentctl.turn (conversation_id, seq, status, attempt, worker_id, agent, agent_version, first_message,
                last_message, model_calls, tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd,
                submitted_at, started_at, finished_at, duration_ms)
            VALUES (conversation, 1, 'succeeded', 1, 1, turn.agent, 1, 1, 2, 1, 0, 10, 0, 5, 0.01, pg_temp.at(submitted),
                pg_temp.at(started), pg_temp.at(finished), own * 1000);
        END $$;
        CREATE FUNCTION pg_temp.task(parent text, number integer, conversation text, agent text) RETURNS void
        LANGUAGE plpgsql AS $$
        DECLARE
            made bigint;
        BEGIN
            INSERT INTO agentctl.task (parent_conversation_id, parent_seq, number, group_key, description, agent, state,
                conversation_id, seq, told, finished_at)
            VALUES (parent, 1, task.number, 'call 1', 'x', task.agent, 'done', conversation, 1, true, pg_temp.at(0))
            RETURNING id INTO made;
            UPDATE agentctl.submission SET task_id = made WHERE conversation_id = conversation;
        END $$;
        CREATE FUNCTION pg_temp.step(conversation text, number integer, kind text, started double precision,
            seconds double precision) RETURNS void LANGUAGE sql AS $$
            INSERT INTO agentctl.step (conversation_id, seq, number, kind, duration_ms, started_at)
            VALUES (conversation, 1, number, kind::agentctl.step_kind, seconds * 1000, pg_temp.at(started))
        $$;
        CREATE FUNCTION pg_temp.event(conversation text, number integer, type text, at double precision,
            data jsonb DEFAULT '{}') RETURNS void LANGUAGE sql AS $$
            INSERT INTO agentctl.event (conversation_id, number, seq, type, data, at)
            VALUES (conversation, number, 1, type, data, pg_temp.at(event.at))
        $$;
        """

    /// A turn that delegates twice.
    ///
    /// In its first wait `c` begins when `a` has ended, and wakes it; `b` ends before.
    /// In its second wait `d` works; `d` waits for `e`, and `f` ends while `d` works itself; `e` waits for an approval.
    static let tree = """
        ALTER TABLE agentctl.task DISABLE TRIGGER place_tasks;
        SELECT pg_temp.turn('r', 'Lead', 0, 0, 100, 13);
        SELECT pg_temp.step('r', 1, 'model_call', 0, 2), pg_temp.step('r', 2, 'tool_round', 61, 0.5),
               pg_temp.step('r', 3, 'model_call', 61.5, 1.5), pg_temp.step('r', 4, 'tool_round', 91, 0.5),
               pg_temp.step('r', 5, 'model_call', 91.5, 8);
        SELECT pg_temp.event('r', 1, 'waiting', 2, '{"for": "tasks"}'), pg_temp.event('r', 2, 'task_finished', 20.1),
               pg_temp.event('r', 3, 'task_finished', 50.1), pg_temp.event('r', 4, 'task_finished', 60),
               pg_temp.event('r', 5, 'waiting', 63, '{"for": "tasks"}'), pg_temp.event('r', 6, 'task_finished', 90);
        SELECT pg_temp.turn('a', 'Searcher', 2, 2.5, 20, 17), pg_temp.task('r', 1, 'a', 'Searcher');
        SELECT pg_temp.turn('b', 'Searcher', 2, 3, 50, 46), pg_temp.task('r', 2, 'b', 'Searcher');
        SELECT pg_temp.turn('c', 'Searcher', 20, 21, 59.9, 38), pg_temp.task('r', 3, 'c', 'Searcher');
        SELECT pg_temp.turn('d', 'Middle', 63, 64, 89.9, 10), pg_temp.task('r', 4, 'd', 'Middle');
        SELECT pg_temp.step('d', 1, 'model_call', 64, 2), pg_temp.step('d', 2, 'tool_round', 81, 0),
               pg_temp.step('d', 3, 'model_call', 81, 8);
        SELECT pg_temp.event('d', 1, 'waiting', 66, '{"for": "tasks"}'), pg_temp.event('d', 2, 'task_finished', 80),
               pg_temp.event('d', 3, 'task_finished', 85.1);
        SELECT pg_temp.turn('e', 'Searcher', 66, 67, 79.9, 6), pg_temp.task('d', 1, 'e', 'Searcher');
        SELECT pg_temp.step('e', 1, 'model_call', 67, 3), pg_temp.step('e', 2, 'tool_round', 77, 2);
        SELECT pg_temp.event('e', 1, 'waiting', 70, '{"for": "approval"}'), pg_temp.event('e', 2, 'approval_decided', 75);
        SELECT pg_temp.turn('f', 'Searcher', 66, 67, 85, 17), pg_temp.task('d', 2, 'f', 'Searcher');
        ALTER TABLE agentctl.task ENABLE TRIGGER place_tasks;
        """
}
