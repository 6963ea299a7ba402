import Conversation
import Engine
import JSON
import Postgres
import Store
import TestSupport
import Testing

/// What the database refuses for good ends, and the conversation goes on.
@Suite struct RefusedRecordTests {
    /// Has a worker process what waits, until a statement says true.
    private func work(_ bench: Bench, until condition: PostgresStatement) async throws {
        let worker = Task { try await bench.worker().run() }
        do {
            try await bench.eventually(condition)
        } catch {
            worker.cancel()
            throw error
        }
        worker.cancel()
        _ = await worker.result
    }

    /// Each breaks the first turn for as long as the rows are as they are.
    @Test(arguments: [
        // Left behind by somebody who deleted by hand.
        """
        INSERT INTO agentctl.message (conversation_id, number, seq, role, content)
        SELECT 'c', n, 1, 'user', 'left behind' FROM generate_series(1, 9) AS n
        """,
        "UPDATE agentctl.conversation_control SET last_message = -5",
        "ALTER TABLE agentctl.step ADD CHECK (false) NOT VALID",
        "ALTER TABLE agentctl.turn ADD CHECK (agent <> 'assistant') NOT VALID",
    ])
    func aTurnThatCannotBeStoredFailsOnceAndTheNextOneIsAnswered(_ damage: String) async throws {
        try await withMockModel { _ in
            .text("fine")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                _ = try await bench.conversations.submit(.message("one"), to: "c")
                _ = try await bench.client.query(PostgresStatement(damage))
                try await work(bench, until: "SELECT (head_seq = 1)::text AS text FROM agentctl.conversation_control")
                #expect(await model.requests.count == 1)
                let error = try await bench.text(
                    """
                    SELECT coalesce(string_agg(data ->> 'code', ' '), 'none') AS text FROM agentctl.event
                    WHERE conversation_id = 'c' AND type = 'error'
                    """
                )
                #expect(error == "record_refused")
                try await bench.client.withConnection { connection in
                    try await connection.executeScript(
                        """
                        ALTER TABLE agentctl.step DROP CONSTRAINT IF EXISTS step_check;
                        ALTER TABLE agentctl.turn DROP CONSTRAINT IF EXISTS turn_agent_check;
                        """
                    )
                }
                let next = try await bench.client().send(.message("two"), to: "c") { _ in }
                #expect(next.status == .succeeded && next.reply == "fine")
            }
        }
    }

    @Test func withoutThePartitionsOfTheMonthTheTurnIsStoredAllTheSame() async throws {
        try await withMockModel { _ in
            .text("fine")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                let gone = try await bench.texts(
                    """
                    SELECT format('DROP TABLE agentctl.%I', relname) AS text FROM pg_class
                    WHERE relnamespace = 'agentctl'::regnamespace AND relname ~ '^(turn|event|step)_20' AND relkind = 'r'
                    """
                )
                for statement in gone { _ = try await bench.client.query(PostgresStatement(statement)) }
                let summary = try await bench.client().send(.message("one"), to: "c") { _ in }
                #expect(summary.status == .succeeded && summary.reply == "fine")
                #expect(await model.requests.count == 1)
            }
        }
    }

    @Test(arguments: ["undo", "set"])
    func anOperationThatFailsEndsAfterItsAttempts(_ operation: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("x"), to: "c")
            _ = try await bench.client.query(
                """
                UPDATE agentctl.submission SET operation = $1::agentctl.operation,
                    body = '{"turns": "x", "max_iterations": "y"}'
                """,
                [.text(operation)]
            )
            _ = try await bench.client.query(
                "ALTER TABLE agentctl.event ADD CHECK (type NOT IN ('undone', 'settings_changed')) NOT VALID"
            )
            _ = try await bench.conversations.submit(.message("What is 1+1?"), to: "c")
            try await work(bench, until: "SELECT (head_seq = 2)::text AS text FROM agentctl.conversation_control")
            #expect(try await bench.text("SELECT agentctl.reply('c', 2) AS text") == "It is 2.")
            let told = try await bench.texts(
                "SELECT format('%s %s', seq, data ->> 'code') AS text FROM agentctl.event WHERE type = 'error' ORDER BY number"
            )
            #expect(told.last == "1 operation_failed")
            #expect(Set(told.dropLast()) == ["1 operation_postponed"] && told.count == 5)
            // Why, and not only that.
            let reason = try await bench.text(
                "SELECT error_message AS text FROM agentctl.submissions WHERE seq = 1 AND status = 'failed'"
            )
            #expect(reason?.contains("never finished") == false, "\(reason ?? "")")
        }
    }

    @Test func aMissingSubmissionIsPassedOver() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            for message in ["lost", "What is 1+1?"] {
                _ = try await bench.conversations.submit(.message(message), to: "c")
            }
            _ = try await bench.conversations.submit(.message("lost, too"), to: "d")
            _ = try await bench.client.query(
                "DELETE FROM agentctl.submission WHERE body ->> 'message' LIKE 'lost%'"
            )
            try await work(
                bench,
                until: "SELECT bool_and(state = 'idle')::text AS text FROM agentctl.conversation_control"
            )
            #expect(try await bench.text("SELECT agentctl.reply('c', 2) AS text") == "It is 2.")
            let told = try await bench.texts(
                """
                SELECT format('%s/%s %s', conversation_id, seq, data ->> 'code') AS text FROM agentctl.event
                WHERE type = 'error' ORDER BY 1
                """
            )
            #expect(told == ["c/1 submission_missing", "d/1 submission_missing"])
        }
    }

    @Test func aTurnWhoseProgressIsGoneBeginsAgain() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("What is 1+1?"), to: "c")
            _ = try await bench.client.query("UPDATE agentctl.conversation_control SET has_progress = true")
            let summary = try await bench.client().send(.message("What is 2+2?"), to: "c") { _ in }
            #expect(summary.reply == "It is 4.")
            #expect(try await bench.text("SELECT agentctl.reply('c', 1) AS text") == "It is 2.")
        }
    }
}
