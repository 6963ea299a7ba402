import JSON
import Postgres
import ServiceLifecycle
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Functions
@testable import Store

/// Calls from SQL: queued in the caller's transaction, run by workers, ended in one commit.
@Suite struct FunctionQueueTests {
    private static let double = """
        {"kind": "function", "name": "double", "access": "everyone", "input_schema": {"type": "object", "properties": {"n": {"type": "integer"}},
         "required": ["n"]}, "source": "def double(n):\\n    return n * 2"}
        """

    private func withWorker(_ bench: FunctionBench, _ body: () async throws -> Void) async throws {
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: bench.worker(.init(slots: 4, pollInterval: .milliseconds(10))))],
                logger: .silent
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    private func queue(_ bench: Bench, _ name: String, _ arguments: String = "{}") async throws -> Int64 {
        let rows = try await bench.client.query(
            "SELECT agentctl.call_function($1, $2::jsonb) AS id",
            [.text(name), .text(arguments)]
        )
        return try #require(try rows.first?.decode("id"))
    }

    /// The result; what it fails with as `error: …`; nil while there is none.
    private func result(_ bench: Bench, _ id: Int64) async throws -> String? {
        do throws(PostgresError) {
            let rows = try await bench.client.query("SELECT agentctl.function_result($1)::text AS text", [.integer(id)])
            return try rows.first?.decode("text")
        } catch {
            guard error.sqlState == "AC005" else { throw error }
            return "error: \(error.message)"
        }
    }

    private func isQueueEmpty(_ bench: Bench) async throws {
        try await bench.eventually("SELECT (NOT EXISTS (SELECT FROM agentctl.function_queue))::text AS text")
    }

    @Test func aWorkerRunsWhatAStatementQueued() async throws {
        try await withFunctions { bench in
            try await bench.base.register(Self.double)
            let id = try await queue(bench.base, "double", #"{"n": 21}"#)
            let wrong = try await queue(bench.base, "double", #"{"n": "x"}"#)
            #expect(try await result(bench.base, id) == nil)
            try await withWorker(bench) { try await isQueueEmpty(bench.base) }
            #expect(try await result(bench.base, id) == "42")
            let failure = try await result(bench.base, wrong)
            #expect(
                failure?.hasPrefix("error: call \(wrong) of function \"double\" failed: the arguments do not fit")
                    == true
            )
            let rows = try await bench.base.texts(
                """
                SELECT concat_ws('|', caller, request_id, function, version, exit_reason, result, called_by = current_user) AS text
                FROM agentctl.function_call ORDER BY request_id
                """
            )
            #expect(rows == ["sql|\(id)|double|1|ok|42|t", "sql|\(wrong)|double|1|error|t"])
        }
    }

    /// Whoever called would wait for ever for a result that nobody can store.
    @Test func aResultThatCannotBeStoredIsSaidSo() async throws {
        try await withFunctions { bench in
            try await bench.base.register(Self.double)
            _ = try await bench.base.client.query(
                "ALTER TABLE agentctl.function_call ADD CHECK (result IS NULL) NOT VALID"
            )
            let id = try await queue(bench.base, "double", #"{"n": 21}"#)
            try await withWorker(bench) { try await isQueueEmpty(bench.base) }
            let found = try await result(bench.base, id)
            #expect(found?.hasPrefix("error: ") == true, "\(found ?? "none")")
        }
    }

    /// A worker that was stopped after its claim until its lease was over: whoever called is told by then that it is in doubt.
    @Test func aWorkerWhoseLeaseIsOverRunsNothingUnsafe() async throws {
        try await withFunctions { bench in
            try await bench.base.register(
                """
                {"kind": "function", "name": "pay", "access": "everyone", "effect": "unsafe",
                 "source": "def pay():\\n    return 1"}
                """
            )
            _ = try await queue(bench.base, "pay")
            let worker = try await bench.base.work.startWorker(WorkerDescription(kind: .service, slots: 1)).id
            let call = try #require(
                try await bench.base.work.claimFunctionCalls(worker: worker, maximum: 1).first
            )
            let term = LeaseTerm(.seconds(3_600), from: .now)
            term.end()
            let functions = FunctionQueue(
                context: .made(bench.base.work, worker, term: term),
                services: bench.services,
                maximumAttempts: 3,
                cache: FunctionCache()
            )
            _ = await functions.perform(call, in: Slot(of: Slots(1), WakeUp()))
            let queued = try await bench.base.text("SELECT (lease IS NULL)::text AS text FROM agentctl.function_queue")
            #expect(queued == "true")
            #expect(try await bench.base.text("SELECT count(*)::text AS text FROM agentctl.function_call") == "0")
        }
    }

    @Test func aCallExistsIfItsTransactionDoes() async throws {
        try await withFunctions { bench in
            try await bench.base.register(Self.double)
            await #expect(throws: RolledBack.self) {
                try await bench.base.client.withTransaction { connection in
                    _ = try await connection.query("SELECT agentctl.call_function('double', '{\"n\": 1}')")
                    throw RolledBack()
                }
            }
            #expect(try await bench.base.text("SELECT count(*)::text AS text FROM agentctl.function_queue") == "0")
        }
    }

    private struct RolledBack: Error {}

    @Test(arguments: [
        ("SELECT agentctl.call_function('doubl')", "AC002"), ("SELECT agentctl.call_function('double', '[]')", "AC001"),
        ("SELECT agentctl.call_function('double', NULL)", "AC001"), ("SELECT agentctl.function_result(7)", "AC002"),
        ("SELECT agentctl.call_function('double', '{\"n\": 1e999}')", "AC001"),
        ("SELECT agentctl.call_function('double', jsonb_build_object('n', repeat('x', 2000000)))", "AC003"),
    ])
    func whatCannotBeCalledIsRefused(_ statement: String, _ state: String) async throws {
        try await withBench { bench in
            try await bench.register(Self.double)
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(PostgresStatement(statement))
            }
            #expect(error?.sqlState == state)
        }
    }

    @Test func othersSeeNothingOfACall() async throws {
        try await withFunctions { bench in
            try await bench.base.register(Self.double)
            let own = try await queue(bench.base, "double", #"{"n": 1}"#)
            let name = "user_\(UInt32.random(in: 0..<UInt32.max))"
            let states = try await bench.base.client.withConnection { connection in
                try await connection.executeScript("CREATE ROLE \(name) IN ROLE agentctl_client; SET ROLE \(name)")
                var states: [String?] = []
                for statement: PostgresStatement in [
                    "SELECT agentctl.call_function('double', '{\"n\": 2}')",
                    PostgresStatement("SELECT agentctl.function_result(\(own))"),
                    PostgresStatement("SELECT agentctl.function_result(\(own + 1))"),
                    "SELECT agentctl.claim_function_calls(1, 1)", "SELECT * FROM agentctl.function_request",
                    "SELECT agentctl_sql.run('SELECT 1', '{}', 1, 1)",
                ] {
                    do throws(PostgresError) {
                        _ = try await connection.query(statement)
                        states.append(nil)
                    } catch {
                        states.append(error.sqlState)
                    }
                }
                try await connection.executeScript("RESET ROLE; DROP ROLE \(name)")
                return states
            }
            #expect(states == [nil, "AC002", nil, "42501", "42501", "42501"])
        }
    }

    @Test func aLostWorkersCallsAreRunAgainUnlessTheyAreUnsafe() async throws {
        try await withFunctions { bench in
            try await bench.base.register(Self.double)
            try await bench.base.register(
                #"{"kind": "function", "name": "pay", "effect": "unsafe", "source": "def pay():\n    return 'paid'"}"#
            )
            let again = try await queue(bench.base, "double", #"{"n": 4}"#)
            let doubtful = try await queue(bench.base, "pay")
            let lost = try await bench.base.work.startWorker(WorkerDescription(kind: .service, slots: 1)).id
            let claimed = try await bench.base.work.claimFunctionCalls(worker: lost, maximum: 10)
            #expect(claimed.map(\.id) == [again, doubtful])
            try await bench.base.client.query("UPDATE agentctl.worker SET heartbeat_at = now() - interval '1 hour'")
            #expect(try await bench.base.work.reap() == 2)

            let failure = try await result(bench.base, doubtful)
            #expect(failure?.contains("whether it took effect is not known") == true)
            #expect(
                try await bench.base.text(
                    "SELECT exit_reason || ' ' || error_type AS text FROM agentctl.function_call"
                )
                    == "killed in_doubt"
            )
            // The lost worker comes back: it can write nothing.
            let call = try #require(claimed.first)
            let function = FunctionDefinition(document: ["name": "double"], versionID: call.versionID ?? 0)
            let record = FunctionOutcome(result: 8).record(of: function, arguments: [:], callID: nil)
            #expect(try await bench.base.work.finish(call, record) == false)
            #expect(try await bench.base.work.release(call, counts: false) == false)

            try await withWorker(bench) { try await isQueueEmpty(bench.base) }
            #expect(try await result(bench.base, again) == "8")
        }
    }

    @Test func aStatementRunsInTheCommitThatEndsItsCall() async throws {
        try await withFunctions { bench in
            try await bench.base.client.withConnection { connection in
                try await connection.executeScript(
                    """
                    CREATE TABLE public.notes (id integer PRIMARY KEY DEFERRABLE INITIALLY DEFERRED,
                                               written_by xid8 DEFAULT pg_current_xact_id());
                    GRANT INSERT, SELECT ON public.notes TO agentctl_query;
                    """ + FunctionBench.transactionsOfCalls
                )
            }
            try await bench.base.register(
                """
                {"kind": "function", "name": "note", "language": "sql", "effect": "sql", "read_only": false,
                 "source": "INSERT INTO notes VALUES (1)"}
                """
            )
            let first = try await queue(bench.base, "note")
            try await withWorker(bench) { try await isQueueEmpty(bench.base) }
            #expect(try await result(bench.base, first) == "[]")
            let together = try await bench.base.text(
                """
                SELECT (n.written_by = c.written_by)::text AS text FROM public.notes AS n, public.written AS c
                """
            )
            #expect(together == "true")
            // What fails at the commit is told once, and not tried for ever.
            let second = try await queue(bench.base, "note")
            try await withWorker(bench) { try await isQueueEmpty(bench.base) }
            #expect(try await result(bench.base, second)?.contains("duplicate key") == true)
            #expect(try await bench.base.text("SELECT count(*)::text AS text FROM public.notes") == "1")
        }
    }

    @Test func aFunctionThatWasTakenOutOfForceIsNotRun() async throws {
        try await withFunctions { bench in
            try await bench.base.register(Self.double)
            let id = try await queue(bench.base, "double", #"{"n": 1}"#)
            try await bench.base.definitions.unregister(kind: "function", name: "double")
            try await withWorker(bench) { try await isQueueEmpty(bench.base) }
            #expect(try await result(bench.base, id)?.contains("there is no function \"double\" any more") == true)
        }
    }
}
