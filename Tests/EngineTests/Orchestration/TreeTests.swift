import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// The SQL function `tree`: what is below a turn, what each waited for, and what decided when the whole ended.
@Suite struct TreeTests {
    @Test func theCriticalPathGoesThroughWhatWokeEachTurn() async throws {
        try await Bench.withDelegates { bench in
            try await bench.client.withConnection { connection in
                try await connection.executeScript(TreeScript.functions + TreeScript.tree)
            }
            let rows = try await bench.texts(
                """
                SELECT concat_ws(' ', place, depth, turn, responder, CASE WHEN is_critical THEN '●' END) AS text
                FROM agentctl.tree('r', 1)
                """
            )
            #expect(
                rows == [
                    "1 0 r/1 Lead ●", "2 1 a/1 Searcher ●", "3 1 b/1 Searcher", "4 1 c/1 Searcher ●",
                    "5 1 d/1 Middle ●",
                    "6 2 e/1 Searcher ●", "7 2 f/1 Searcher",
                ]
            )
            let times = try await bench.texts(
                """
                SELECT concat_ws(' ', turn, round(queue_ms), round(model_ms), round(tool_ms), round(wait_ms),
                           round(approval_ms), input_tokens, output_tokens, cost_usd::float8) AS text
                FROM agentctl.tree('r', 1) WHERE turn IN ('r/1', 'c/1', 'd/1', 'e/1')
                """
            )
            // The root waits from 2 to 60 and from 63 to 90, and for a worker until 61 and 91.
            #expect(
                times == [
                    "r/1 2000 11500 1000 85000 0 10 5 0.01", "c/1 1000 0 0 0 0 10 5 0.01",
                    "d/1 2000 10000 0 14000 0 10 5 0.01", "e/1 3000 3000 2000 0 5000 10 5 0.01",
                ]
            )
            // From a turn within it, its part of the tree.
            let part = try await bench.texts("SELECT depth || ' ' || turn AS text FROM agentctl.tree('d', 1)")
            #expect(part == ["0 d/1", "1 e/1", "1 f/1"])
        }
    }

    @Test func attemptsAndTasksWithoutATurnStandInTheTreeOfOneInProgress() async throws {
        try await Bench.withDelegates { bench in
            let other =
                #"{"kind": "agent", "name": "Seeker", "model": "specialist", "capabilities": ["search"]}"#
            try await bench.register(other)
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    TaskScript.functions + """
                        SELECT agentctl.submit('r', 'go', 'Router');
                        SELECT pg_temp.delegate('r', 'Router', 3, '[
                            {"number": 1, "group": "call 1", "limit": 1, "capabilities": ["search"], "description": "d",
                             "max_attempts": 2},
                            {"number": 2, "group": "call 1", "limit": 1, "agent": "Analyst", "description": "d"},
                            {"number": 3, "group": "call 1", "limit": 1, "agent": "Router", "description": "d"}]');
                        DO $$ BEGIN PERFORM pg_temp.finish('r~1.1', (SELECT agent FROM agentctl.task WHERE number = 1), 'failed'); END $$;
                        """
                )
            }
            let rows = try await bench.texts(
                """
                SELECT concat_ws(' ', coalesce(turn, '-'), number, attempt, status, error_code, is_critical) AS text
                FROM agentctl.tree('r', 1)
                """
            )
            #expect(
                rows == [
                    "r/1 waiting f", "r~1.1/1 1 1 failed broken f", "r~1.1.2/1 1 2 queued f", "- 2 1 held f",
                    "- 3 1 failed refused f",
                ]
            )
        }
    }

    @Test func aClientSeesItsOwnTreesAndAReaderSeesAll() async throws {
        try await Bench.withDelegates { bench in
            _ = try await bench.client().send(.message("research cats"), to: "c", agent: "Lead") { _ in }
            for (role, isSeen) in [("agentctl_client", false), ("agentctl_reader", true)] {
                let name = Bench.newName()
                try await bench.client.withConnection {
                    try await $0.executeScript("CREATE ROLE \(name) LOGIN IN ROLE \(role)")
                }
                var configuration = try PostgresConfiguration(url: bench.url.replacingUser(with: name))
                configuration.maximumConnections = 1
                let client = PostgresClient(configuration, logger: .silent)
                let tree: PostgresStatement = "SELECT count(*)::text AS text FROM agentctl.tree($1, 1)"
                if isSeen {
                    let rows = try await client.query(tree, [.text("c")])
                    #expect(try rows.first?.decode("text", as: String.self) == "3")
                } else {
                    let error = await #expect(throws: PostgresError.self) { try await client.query(tree, [.text("c")]) }
                    #expect(error?.sqlState == "AC002")
                    _ = try await client.query("SELECT agentctl.submit('own', 'hello', 'Lead')")
                    let rows = try await client.query(tree, [.text("own")])
                    #expect(try rows.first?.decode("text", as: String.self) == "1")
                }
                await client.shutdown()
                try await bench.client.withConnection { try await $0.executeScript("DROP ROLE \(name)") }
            }
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query("SELECT * FROM agentctl.tree('nope', 1)")
            }
            #expect(error?.sqlState == "AC002")
        }
    }

    /// Tables of 40,000 rows, of which a tree of 1,001 turns is read by keys.
    @Test func aTreeIsReadByKeysBesideManyOthers() async throws {
        try await withBench { bench in
            try await bench.register(TaskPlanTests.agents)
            try await bench.client.withConnection { connection in
                try await connection.executeScript(PlanTests.fill)
                try await connection.executeScript(TaskPlanTests.fill)
                try await connection.executeScript(TaskScript.functions)
                try await connection.executeScript(
                    """
                    SELECT agentctl.submit('tree', 'go', 'A');
                    SELECT pg_temp.delegate('tree', 'A', 1000, (SELECT jsonb_agg(jsonb_build_object(
                        'number', n, 'group', 'call 1', 'agent', 'B', 'description', 'd')) FROM generate_series(1, 1000) AS n));
                    SELECT pg_temp.finish('tree~1.' || n, 'B', 'succeeded') FROM generate_series(1, 1000) AS n;
                    SELECT pg_temp.finish('tree', 'A', 'succeeded');
                    """
                )
            }
            let (plans, scans) = try await sequentialScans(at: bench.url, besides: [], walking: []) {
                let rows = try await $0.query("SELECT count(*)::text AS text FROM agentctl.tree('tree', 1)")
                #expect(try rows.first?.decode("text", as: String.self) == "1001")
            }
            #expect(plans > 2, "the plans were not reported")
            #expect(Set(scans) == [])
        }
    }
}
