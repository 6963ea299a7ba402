import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Values that would harm others: those that claim and finish, and those whose messages wait beside a task.
@Suite struct HostileTaskTests {
    @Test(arguments: [
        ("'x', deadline => 'infinity'", "AC001"), ("'x', deadline => '-infinity'", "AC001"),
        ("E'\\n\\t '", "AC001"), ("'x', max_attempts => 0", "AC001"), ("'x', max_attempts => NULL", "AC001"),
        (#"'x', budget => '{"tokens": 0}'"#, "AC001"), (#"'x', budget => '{"cost_usd": -1}'"#, "AC001"),
        (#"'x', budget => '{"tokens": 1e10}'"#, "AC001"), (#"'x', budget => '{"cost_usd": "NaN"}'"#, "AC001"),
        ("'x', ARRAY(SELECT 'c' || n FROM generate_series(1, 129) AS n)", "AC001"),
        ("'x', ARRAY[repeat('c', 129)]", "AC001"), ("'x', ARRAY[NULL]::text[]", "AC001"),
        ("'x', agent => repeat('a', 201)", "AC001"),
        ("'x', input => (repeat('[', 130) || repeat(']', 130))::jsonb", "AC001"),
        ("repeat('x', 2000000)", "AC003"),
        ("'x', depends_on => ARRAY(SELECT n FROM generate_series(1, 1001) AS n)", "AC003"),
    ])
    func aTaskThatNobodyCanHaveIsRefusedAndNobodyElseNoticesIt(_ arguments: String, _ state: String) async throws {
        try await Bench.withDelegates { bench in
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(
                    PostgresStatement("SELECT agentctl.submit_task(\(arguments), priority => 0)")
                )
            }
            #expect(error?.sqlState == state, "\(error?.message ?? "")")
            #expect((error?.message.utf8.count ?? 0) < 400)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.task") == "0")
            _ = try await bench.conversations.submit(.message("hello"), to: "other", agent: "Lead")
            #expect(try await bench.claim().claim?.conversation == "other")
        }
    }

    @Test(arguments: ["deadline) VALUES ('x', 'Lead', 'infinity'", "budget_usd) VALUES ('x', 'Lead', 'NaN'"])
    func aPlainInsertIsHeldToTheSame(_ row: String) async throws {
        try await Bench.withDelegates { bench in
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(
                    PostgresStatement("INSERT INTO agentctl.task (description, agent, \(row))")
                )
            }
            #expect(error?.sqlState == "23514")
        }
    }

    @Test func theBodyOfATaskIsNotMuchLargerThanItsInput() async throws {
        try await Bench.withDelegates { bench in
            let id = try await bench.text(
                """
                WITH task AS (
                    SELECT agentctl.submit_task('x', agent => 'Lead', input => (
                        repeat('[', 100) || rtrim(repeat('1,', 100000), ',') || repeat(']', 100))::jsonb) AS id
                )
                SELECT id::text AS text FROM task
                """
            )
            let stored = try await bench.text(
                "SELECT (octet_length(body::text) < 400000)::text AS text FROM agentctl.submission"
            )
            #expect(id == "1" && stored == "true")
            #expect(try await bench.claim().claim?.conversation == "task:1")
        }
    }

    @Test func whatAModelDelegatesWronglyEndsAloneAndTheOthersShareTheBudget() async throws {
        try await scripted(
            """
            SELECT agentctl.submit_task('x', agent => 'Lead', budget => '{"tokens": 1000}');
            SELECT pg_temp.delegate('task:1', 'Lead', 2, '[
                {"number": 1, "group": "g", "description": "leads back", "agent": "Lead"},
                {"number": 2, "group": "g", "description": "a", "agent": "Searcher"},
                {"number": 3, "group": "g", "description": "b", "agent": "Analyst"},
                {"number": 4, "group": "g", "description": "c", "agent": "Analyst", "budget_tokens": -5},
                {"number": 5, "group": "g", "agent": "Analyst"},
                {"number": 6, "group": "g", "description": "d", "agent": "Analyst", "deadline": "infinity"},
                {"number": 7, "group": "g", "description": "e", "agent": "Analyst", "timeout": 1e300}]');
            """
        ) { bench in
            let tasks = try await bench.texts(
                """
                SELECT concat_ws(' ', number, state, error_code) AS text FROM agentctl.task
                WHERE parent_conversation_id IS NOT NULL ORDER BY number
                """
            )
            #expect(
                tasks == [
                    "1 failed refused", "2 assigned", "3 assigned", "4 failed refused", "5 failed refused",
                    "6 failed refused", "7 failed refused",
                ]
            )
            let shares = try await bench.texts(
                "SELECT DISTINCT budget_tokens::text AS text FROM agentctl.task WHERE number IN (2, 3)"
            )
            #expect(shares.count == 1)
            let share = shares.first.flatMap { Int($0) } ?? 0
            #expect(share > 400)
        }
    }

    @Test func theConversationOfAnEndedTaskWaitsItsTurn() async throws {
        try await scripted(
            """
            SELECT agentctl.submit('al', 'x', 'Lead');
            SELECT pg_temp.delegate('al', 'Lead', 1,
                '[{"number": 1, "group": "g", "description": "a", "agent": "Searcher"}]');
            SELECT pg_temp.finish('al~1.1', 'Searcher', 'succeeded');
            SELECT pg_temp.finish('al', 'Lead', 'succeeded');
            SELECT agentctl.submit('others', 'first', 'Lead');
            SELECT agentctl.submit('al~1.1', 'second');
            """
        ) { bench in
            let claim = try await bench.claim().claim
            #expect(claim?.conversation == "others")
        }
    }

    @Test func aTaskThatFailedAfterAnEffectIsNotTriedAgain() async throws {
        let call = """
            [{"number": 1, "step_number": 1, "call_id": "c", "tool": "t", "arguments": "{}", "effect": "unsafe",
              "state": "STATE", "truncated": false, "error_code": ERROR, "duration_ms": 1, "offset_ms": 1}]
            """
        let cases = [
            ("succeeded", "null", "dead 1"), ("failed", "\"failed\"", "dead 1"), ("failed", "\"denied\"", "assigned 2"),
        ]
        for (state, error, expected) in cases {
            let calls = call.replacing("STATE", with: state).replacing("ERROR", with: error)
            try await scripted(
                """
                SELECT agentctl.register('{"kind": "agent", "name": "Finder", "model": "specialist",
                    "capabilities": ["search"]}');
                SELECT agentctl.submit_task('find it', '{search}');
                SELECT pg_temp.finish('task:1', t.agent, 'failed', '\(calls)') FROM agentctl.task AS t;
                """
            ) { bench in
                let outcome = try await bench.text(
                    "SELECT concat_ws(' ', state, attempt) AS text FROM agentctl.task"
                )
                #expect(outcome == expected, "\(state) \(error)")
                let effects = try await bench.text(
                    "SELECT coalesce(effects -> 0 ->> 'tool', '') AS text FROM agentctl.task"
                )
                #expect(effects == (expected == "dead 1" ? "t" : ""))
            }
        }
    }

    @Test func theEndOfATaskReleasesSomeAndMaintenanceTheRest() async throws {
        try await scripted(
            """
            SELECT agentctl.submit_task('x', agent => 'Searcher');
            SELECT agentctl.submit_task('y', agent => 'Searcher', depends_on => '{1}') FROM generate_series(1, 700);
            SELECT pg_temp.finish('task:1', 'Searcher', 'succeeded');
            """
        ) { bench in
            let pending: PostgresStatement =
                "SELECT count(*)::text AS text FROM agentctl.task WHERE state = 'pending'"
            #expect(try await bench.text(pending) == "500")
            _ = try await bench.work.reap()
            #expect(try await bench.text(pending) == "0")
        }
    }

    @Test func turnsThatOthersHoldDoNotKeepOneFromItsWakeUp() async throws {
        try await scripted(
            """
            SELECT agentctl.submit(c, 'x', 'Lead') FROM unnest('{!0,!1,!2,p}'::text[]) AS c;
            SELECT pg_temp.delegate(c, 'Lead', 1,
                '[{"number": 1, "group": "g", "description": "a", "agent": "Searcher"}]')
            FROM unnest('{!0,!1,!2,p}'::text[]) AS c;
            """
        ) { bench in
            let states: PostgresStatement =
                "SELECT string_agg(state::text, ' ' ORDER BY conversation_id COLLATE \"C\") AS text FROM agentctl.conversation_control WHERE conversation_id NOT LIKE '%~%'"
            try await bench.client.withConnection { holder in
                try await holder.executeScript(
                    "BEGIN; SELECT FROM agentctl.conversation_control WHERE conversation_id NOT LIKE '%~%' FOR NO KEY UPDATE"
                )
                try await bench.client.withConnection { connection in
                    try await connection.executeScript(TaskScript.functions)
                    try await connection.executeScript(
                        "SELECT pg_temp.finish(c || '~1.1', 'Searcher', 'succeeded') FROM unnest('{!0,!1,!2,p}'::text[]) AS c"
                    )
                }
                #expect(try await bench.text(states) == "waiting waiting waiting waiting")
                try await holder.executeScript(
                    "ROLLBACK; BEGIN; SELECT FROM agentctl.conversation_control WHERE conversation_id LIKE '!_' FOR NO KEY UPDATE"
                )
                _ = try await bench.client.query("SELECT agentctl.tell_parents(3)")
                #expect(try await bench.text(states) == "waiting waiting waiting ready")
                try await holder.executeScript("ROLLBACK")
            }
        }
    }

    @Test func anAgentThatDelegatesHasNoOtherToolOfThatName() async throws {
        try await Bench.withDelegates { bench in
            let problems = try await bench.definitions.problems(in: [
                try JSONValue(
                    parsing: """
                        {"kind": "tool", "name": "delegate", "description": "d", "implementation": "calculator"}
                        """
                ),
                try JSONValue(
                    parsing: """
                        {"kind": "agent", "name": "X", "model": "lead", "tools": ["delegate"], "delegates": ["Searcher"]}
                        """
                ),
                try JSONValue(
                    parsing: #"{"kind": "agent", "name": "Y", "model": "lead", "tools": ["delegate"]}"#
                ),
            ])
            let texts = problems.map { "\($0.path) \($0.problem)" }
            #expect(
                texts == [
                    "tools[0] is \"delegate\", the tool of an agent that delegates"
                ]
            )
        }
    }

    /// Runs a script with the functions of ``TaskScript``, then the test.
    private func scripted(_ script: String, _ body: (Bench) async throws -> Void) async throws {
        try await Bench.withDelegates { bench in
            try await bench.client.withConnection { connection in
                try await connection.executeScript(TaskScript.functions)
                try await connection.executeScript(script)
            }
            try await body(bench)
        }
    }
}
