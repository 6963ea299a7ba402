import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Whose schedules are, and what their runs may reach.
@Suite struct SchedulePrivilegeTests {
    /// Runs a test with two users who may register and submit, and see nothing of each other's.
    func withUsers(_ body: (Bench, _ ada: String, _ eve: String) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Bench.scheduled)
            try await bench.openToEveryone()
            let names = ["ada", "eve"].map { "\($0)_\(UInt32.random(in: 0..<UInt32.max))" }
            for name in names {
                try await bench.client.withConnection {
                    try await $0.executeScript(
                        """
                        CREATE ROLE \(name) IN ROLE agentctl_client;
                        GRANT EXECUTE ON FUNCTION agentctl.register(jsonb) TO \(name);
                        """
                    )
                }
            }
            try await body(bench, names[0], names[1])
            for name in names {
                try await bench.client.withConnection {
                    try await $0.executeScript("DROP OWNED BY \(name); DROP ROLE \(name)")
                }
            }
        }
    }

    /// The SQLSTATE of a statement that a user runs; nil when it succeeds.
    func state(of statement: String, as user: String, _ bench: Bench) async throws -> String? {
        try await bench.client.withConnection { connection in
            try await connection.executeScript("SET ROLE \(user)")
            var state: String?
            do throws(PostgresError) { _ = try await connection.query(PostgresStatement(statement)) } catch {
                state = error.sqlState
            }
            try await connection.executeScript("RESET ROLE")
            return state
        }
    }

    private func register(_ members: String, as user: String, _ bench: Bench) async throws {
        let document = "{\"kind\": \"schedule\", \"name\": \"s\", \"cron\": \"* * * * *\", \(members)}"
        #expect(try await state(of: "SELECT agentctl.register('\(document)')", as: user, bench) == nil)
        _ = try await bench.client.query(
            "UPDATE agentctl.schedule_state SET due_at = '2027-01-04 08:01Z', look_at = '2027-01-04 08:01Z'"
        )
    }

    @Test func aRunBelongsToWhoeverRegisteredTheSchedule() async throws {
        try await withUsers { bench, ada, eve in
            try await register(#""message": "secret""#, as: ada, bench)
            try await bench.runSchedules(at: "2027-01-04 08:01")
            let owners =
                "SELECT c.created_by || ' ' || s.created_by AS text FROM agentctl.conversation AS c JOIN agentctl.submission AS s ON s.conversation_id = c.id"
            #expect(try await bench.texts(PostgresStatement(owners)) == ["\(ada) \(ada)"])
            let reply = "SELECT agentctl.events('schedule:s:20270104T0801Z', 0, 1)"
            #expect(try await state(of: reply, as: ada, bench) == nil)
            #expect(try await state(of: reply, as: eve, bench) == "AC002")
        }
    }

    @Test func aTaskBelongsToWhoeverRegisteredTheSchedule() async throws {
        try await withUsers { bench, ada, eve in
            try await register(#""task": {"description": "secret", "capabilities": ["report"]}"#, as: ada, bench)
            try await bench.runSchedules(at: "2027-01-04 08:01")
            #expect(try await state(of: "SELECT agentctl.task_result(1)", as: ada, bench) == nil)
            #expect(try await state(of: "SELECT agentctl.task_result(1)", as: eve, bench) == "AC002")
            #expect(try await state(of: "SELECT agentctl.events('task:1', 0, 1)", as: eve, bench) == "AC002")
        }
    }

    @Test func anotherUserNeitherRunsNorPausesNorSeesIt() async throws {
        try await withUsers { bench, ada, eve in
            try await register(#""message": "x""#, as: ada, bench)
            for call in ["run_schedule('s')", "pause_schedule('s')", "resume_schedule('s')", "schedule_times('s')"] {
                #expect(try await state(of: "SELECT agentctl.\(call)", as: eve, bench) == "AC002", "\(call)")
                #expect(try await state(of: "SELECT agentctl.\(call)", as: ada, bench) == nil, "\(call)")
            }
            for table in ["schedules", "schedule_runs", "schedule_state", "schedule_run"] {
                #expect(try await state(of: "SELECT FROM agentctl.\(table)", as: eve, bench) == "42501", "\(table)")
            }
            #expect(try await state(of: "SELECT agentctl.run_schedules()", as: ada, bench) == "42501")
        }
    }

    @Test func aScheduleReachesNoConversationOfAnotherUser() async throws {
        try await withUsers { bench, ada, eve in
            #expect(try await state(of: "SELECT agentctl.submit('diary', 'x')", as: ada, bench) == nil)
            try await register(#""message": "intruder", "conversation": "diary""#, as: eve, bench)
            try await bench.runSchedules(at: "2027-01-04 08:01")
            let outcome = "SELECT concat_ws(' ', outcome, error_code) AS text FROM agentctl.schedule_runs"
            #expect(try await bench.texts(PostgresStatement(outcome)) == ["submitted"])
            #expect(
                try await bench.texts("SELECT conversation_id AS text FROM agentctl.submission ORDER BY created_at")
                    == ["\(ada)/diary", "\(eve)/diary"]
            )
        }
    }

    @Test func whoeverTakesTheNameOfARunsConversationStopsNoRun() async throws {
        try await withUsers { bench, ada, eve in
            let squat = "SELECT agentctl.submit('schedule:s:20270104T0801Z', 'mine')"
            #expect(try await state(of: squat, as: eve, bench) == nil)
            try await register(#""message": "x""#, as: ada, bench)
            try await bench.runSchedules(at: "2027-01-04 08:01")
            #expect(try await bench.runs() == ["08:01 submitted"])
            let owners =
                "SELECT c.created_by AS text FROM agentctl.conversation AS c JOIN agentctl.schedule_runs AS r ON r.conversation_id = c.id"
            #expect(try await bench.texts(PostgresStatement(owners)) == [ada])
        }
    }
}
