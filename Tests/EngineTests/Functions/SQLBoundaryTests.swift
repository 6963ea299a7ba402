import JSON
import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// Attacks on what runs the SQL of models and authors: each says how it failed, and that nothing stays on the connection.
@Suite struct SQLBoundaryTests {
    /// A bench with one connection, so that what a statement leaves behind meets the next one.
    private func withOneConnection(_ body: (Bench, PostgresClient) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    """
                    CREATE TABLE public.orders (id integer PRIMARY KEY, customer text NOT NULL);
                    INSERT INTO public.orders VALUES (1, 'ada'), (2, 'bob');
                    CREATE TABLE public.salaries (id integer, amount integer);
                    GRANT SELECT, INSERT ON public.orders TO agentctl_query;
                    """
                )
            }
            var configuration = try PostgresConfiguration(url: bench.url)
            configuration.foreignConnections = 1
            let client = PostgresClient(configuration, logger: .silent)
            try await body(bench, client)
            await client.shutdown()
        }
    }

    /// What a statement could leave behind on the connection.
    private func state(_ client: PostgresClient) async throws -> [String: String] {
        let statement: PostgresStatement = """
            SELECT current_user::text AS "user", current_setting('role') AS role, current_setting('work_mem') AS memory,
                   current_setting('DateStyle') AS dates, current_setting('search_path') AS path,
                   current_setting('statement_timeout') AS timeout, current_setting('transaction_read_only') AS reading,
                   (SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks,
                   (SELECT count(*)::text FROM pg_cursors) AS cursors,
                   (SELECT count(*)::text FROM pg_largeobject_metadata) AS objects
            """
        let rows = try await client.withConnection(on: .foreign) { connection in try await connection.query(statement) }
        let row = try #require(rows.first)
        var state: [String: String] = [:]
        for name in ["user", "role", "memory", "dates", "path", "timeout", "reading", "locks", "cursors", "objects"] {
            state[name] = try row.decode(name)
        }
        return state
    }

    @Test func itReadsWhatTheRoleWasGranted() async throws {
        try await withOneConnection { _, client in
            let rows = try await Stores(client: client).queries.run(
                StatementCall("SELECT customer, id FROM orders WHERE id = ($1 ->> 'id')::int", arguments: ["id": 2])
            )
            #expect(rows.text == #"[{"customer":"bob","id":2}]"#)
            #expect(rows.count == 1 && !rows.hasMore)
        }
    }

    @Test(arguments: [
        // Becoming somebody else.
        ("SELECT set_config('role', session_user, false)", "42501"),
        ("SELECT set_config('role', 'none', true)", "42501"),
        ("SELECT set_config('session_authorization', session_user, false)", "42501"),
        ("SET ROLE postgres", "42P11"), ("RESET ROLE", "42P11"), ("SET SESSION AUTHORIZATION DEFAULT", "42P11"),
        ("DO $$ BEGIN SET ROLE postgres; END $$", "42P11"),
        ("CREATE FUNCTION pg_temp.f() RETURNS void LANGUAGE plpgsql AS 'BEGIN RESET ROLE; END'", "42P11"),
        // Reading what was not granted.
        ("SELECT * FROM salaries", "42501"), ("SELECT * FROM agentctl.message", "42501"),
        ("SELECT query_to_xml('SELECT * FROM agentctl.setting', true, false, '')", "42501"),
        ("SELECT table_to_xml('public.salaries', true, false, '')", "42501"),
        ("SELECT agentctl.register('{}')", "42501"), ("SELECT rolpassword FROM pg_authid", "42501"),
        ("SELECT pg_read_file('/etc/passwd')", "42501"), ("SELECT pg_ls_dir('/')", "42501"),
        ("SELECT lo_import('/etc/passwd')", "42501"), ("SELECT pg_read_binary_file('global/pg_control')", "42501"),
        ("COPY (SELECT 1) TO PROGRAM 'id'", "42P11"), ("COPY orders FROM '/etc/passwd'", "42P11"),
        ("SELECT * FROM dblink('host=/tmp', 'SELECT 1') AS t(a int)", "42883"),
        // Two statements, and commands.
        ("SELECT 1; SELECT 2", "42P11"), ("SELECT 1; DROP TABLE orders", "42P11"), ("COMMIT", "42P11"),
        ("ROLLBACK", "42P11"),
        ("BEGIN", "42P11"), ("LISTEN x", "42P11"), ("PREPARE x AS SELECT 1", "42P11"), ("LOAD 'auto_explain'", "42P11"),
        ("VACUUM", "42P11"), ("CREATE TEMP TABLE x (a int)", "42P11"), ("SELECT 1 INTO x", "42P11"), ("", "42P11"),
        // Writing.
        ("INSERT INTO orders VALUES (3, 'eve')", "42P11"),
        ("INSERT INTO orders VALUES (3, 'eve') RETURNING id", "25006"),
        ("WITH x AS (INSERT INTO orders VALUES (3, 'eve') RETURNING id) SELECT * FROM x", "25006"),
        ("SELECT set_config('transaction_read_only', 'off', true)", "25001"),
        ("SELECT * FROM orders FOR UPDATE", "25006"), ("SELECT nextval('agentctl.worker_id_seq')", "42501"),
        ("SELECT * FROM agentctl_sql.run('INSERT INTO orders VALUES (3, ''eve'')', '{}', 1, 100, false)", "25006"),
        // Others' sessions.
        ("SELECT pg_terminate_backend(pg_backend_pid())", "42501"), ("SELECT pg_reload_conf()", "42501"),
        ("SELECT set_config('log_statement', 'none', false)", "42501"),
    ])
    func aReadingStatementIsHeld(_ statement: String, _ expected: String) async throws {
        try await withOneConnection { bench, client in
            let before = try await state(client)
            let error = await #expect(throws: StatementError.self, "\(statement)") {
                try await Stores(client: client).queries.run(StatementCall(statement, timeout: .seconds(20)))
            }
            #expect(error?.sqlState == expected, "\(statement): \(error?.message ?? "")")
            #expect(try await state(client) == before)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM public.orders") == "2")
        }
    }

    @Test(arguments: [
        "SELECT set_config('work_mem', '64kB', false) AS a, set_config('DateStyle', 'German', false) AS b",
        "SELECT set_config('search_path', 'evil', false) AS a, set_config('statement_timeout', '1', false) AS b",
        "SELECT pg_advisory_lock(1), pg_advisory_lock_shared(2), pg_advisory_xact_lock(3)", "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')", "SELECT pg_notify('agentctl_definitions', '')",
        "SELECT setseed(0.5), set_config('a.b', 'c', false)",
    ])
    func nothingStaysOfWhatIsAllowed(_ statement: String) async throws {
        try await withOneConnection { _, client in
            let before = try await state(client)
            let rows = try await Stores(client: client).queries.run(StatementCall(statement))
            #expect(rows.count == 1)
            #expect(try await state(client) == before)
        }
    }

    @Test func nothingStaysOfTheSessionAfterAWriteThatIsKept() async throws {
        try await withOneConnection { bench, client in
            let before = try await state(client)
            let call = StatementCall(
                """
                INSERT INTO orders VALUES (3, 'eve')
                RETURNING set_config('work_mem', '64kB', false), set_config('DateStyle', 'German', false) AS b,
                          set_config('search_path', 'evil', false) AS c, pg_advisory_lock(9)
                """.replacing("'64kB', false)", with: "'64kB', false) AS a"),
                isReadOnly: false
            )
            #expect(try await Stores(client: client).queries.run(call).count == 1)
            #expect(try await state(client) == before)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM public.orders") == "3")
        }
    }

    @Test(arguments: [
        ("SET ROLE postgres", "42601"), ("DO $$ BEGIN END $$", "42601"),
        ("INSERT INTO orders VALUES (3, 'a'); SELECT 1", "42601"),
        ("SELECT set_config('role', 'postgres', false)", "42501"), ("INSERT INTO salaries VALUES (1, 1)", "42501"),
        ("INSERT INTO orders VALUES (3, 'a')) SELECT 1; DROP TABLE orders; --", "42601"),
        ("UPDATE agentctl.setting SET value = '0'", "42501"), ("TRUNCATE orders", "42601"),
    ])
    func aWritingStatementIsHeldAsWell(_ statement: String, _ expected: String) async throws {
        try await withOneConnection { bench, client in
            let before = try await state(client)
            let error = await #expect(throws: StatementError.self, "\(statement)") {
                try await Stores(client: client).queries.run(StatementCall(statement, isReadOnly: false))
            }
            #expect(error?.sqlState == expected, "\(statement): \(error?.message ?? "")")
            #expect(try await state(client) == before)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM public.orders") == "2")
        }
    }

    @Test func timeIsUpHoweverAStatementPutsIt() async throws {
        try await withOneConnection { _, client in
            let before = try await state(client)
            for statement in [
                "SELECT pg_sleep(60)", "SELECT set_config('statement_timeout', '0', false), pg_sleep(60)",
                "SELECT count(*) FROM generate_series(1, 100000000000)", "SELECT pg_advisory_lock(1), pg_sleep(60)",
            ] {
                let began = ContinuousClock.now
                let error = await #expect(throws: StatementError.self) {
                    try await Stores(client: client).queries.run(StatementCall(statement, timeout: .milliseconds(200)))
                }
                #expect(error?.kind == .timeout, "\(statement): \(error?.message ?? "")")
                #expect(began.duration(to: .now) < .seconds(10))
                #expect(try await state(client) == before)
            }
        }
    }

    @Test func rowsAndBytesHaveTheirLimits() async throws {
        try await withOneConnection { _, client in
            let many = try await Stores(client: client).queries.run(
                StatementCall("SELECT generate_series(1, 1000000000) AS n", maximumRows: 3)
            )
            #expect(many.text == #"[{"n":1},{"n":2},{"n":3}]"# && many.hasMore)
            let wide = try await Stores(client: client).queries.run(StatementCall("SELECT repeat('x', 10000000) AS x"))
            #expect(wide.text == "[]" && wide.hasMore)
            let exact = try await Stores(client: client).queries.run(
                StatementCall("SELECT generate_series(1, 3) AS n", maximumRows: 3)
            )
            #expect(exact.count == 3 && !exact.hasMore)
            let huge = await #expect(throws: StatementError.self) {
                try await Stores(client: client).queries.run(StatementCall("SELECT repeat('x', 2000000000)"))
            }
            #expect(huge?.kind == .failed)
        }
    }

    @Test func argumentsAreNeverPartOfTheText() async throws {
        try await withOneConnection { bench, client in
            let text = "'; DROP TABLE orders; -- $$ :id \\ \" {}"
            let rows = try await Stores(client: client).queries.run(
                StatementCall("SELECT $1 ->> 'text' AS text", arguments: ["text": .string(text)])
            )
            #expect(rows.value[0]?["text"] == .string(text))
            #expect(try await bench.text("SELECT count(*)::text AS text FROM public.orders") == "2")
        }
    }

    @Test func itRefusesARoleThatIsMoreThanItShouldBe() async throws {
        try await withOneConnection { bench, client in
            // The role belongs to the whole server, so the function is what is changed here, in this database.
            try await bench.client.query(
                "ALTER FUNCTION agentctl_sql.run(text, jsonb, integer, integer, boolean) OWNER TO CURRENT_USER"
            )
            let error = await #expect(throws: StatementError.self) {
                try await Stores(client: client).queries.run(StatementCall("SELECT 1"))
            }
            #expect(error?.kind == .refused)
            #expect(error?.hint?.contains("CREATE ROLE agentctl_query") == true)
            let report = try await bench.reports.installationReport()
            #expect(report["may_run_sql"] == false)
            try await bench.client.query("SELECT agentctl.grant_roles()")
            #expect(
                try await Stores(client: client).queries.run(StatementCall("SELECT 1 AS one")).text == #"[{"one":1}]"#
            )
        }
    }
}
