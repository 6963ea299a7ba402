import Glibc
import TestSupport
import Testing

@testable import EmbeddedPostgres

/// Creating, starting and stopping, on a cluster of each test's own.
///
/// One at a time: creating a cluster keeps a core busy.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct PostgresServerTests {
    @Test func `a server is created, started, asked and stopped`() async throws {
        try await withServer(at: "home/postgres", settings: [:]) { server in
            #expect(try await server.status() == .uninitialized)

            let address = try await server.start()
            let processID = try #require(try await server.processID)
            #expect(
                try await psql(
                    address,
                    """
                    SELECT current_user, (SELECT usesuper FROM pg_user WHERE usename = current_user),
                        pg_get_userbyid(datdba), current_database(), pg_encoding_to_char(encoding), datcollate,
                        current_setting('data_checksums'), current_setting('fsync'),
                        current_setting('listen_addresses') = '', current_setting('logging_collector')
                    FROM pg_database WHERE datname = current_database()
                    """
                ) == "agentctl_operator|f|agentctl_operator|agentctl|UTF8|C.UTF-8|on|on|t|on"
            )
            // A session of its own: the terminal's Ctrl-C and its end do not reach it.
            #expect(getsid(processID) == processID)
            #expect(try permissions(of: address.socketDirectory) == 0o700)

            try await server.stop()
            #expect(try await server.status() == .stopped)
            #expect(Glibc.access("\(address.socketDirectory)/.s.PGSQL.5432", F_OK) == -1)
            try await server.stop()
        }
    }

    @Test func `starting a running server does nothing`() async throws {
        try await withServer { server in
            let address = try await server.start()
            let running = try await server.status()
            #expect(try await server.start() == address)
            #expect(try await PostgresServer(directory: server.directory).start() == address)
            #expect(try await server.status() == running)
        }
    }

    @Test func `any number may start at the same time`() async throws {
        try await withServer { server in
            let addresses = try await withThrowingTaskGroup { group in
                for _ in 0..<6 {
                    let settings = fastSettings
                    group.addTask {
                        try await PostgresServer(directory: server.directory, settings: settings).start()
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(addresses.count == 1)
            #expect(try await psql(try #require(addresses.first), "SELECT 1") == "1")
        }
    }

    @Test func `what was committed outlives a killed server`() async throws {
        try await withCluster { cluster in
            try await cluster.query("CREATE TABLE kept AS SELECT 42 AS answer")
            let killed = try #require(try await cluster.processID)
            try await cluster.kill()
            #expect(try await cluster.server.status() == .stopped)

            #expect(try await cluster.server.start() == cluster.address)
            #expect(try await cluster.processID != killed)
            #expect(try await cluster.query("SELECT answer FROM kept") == "42")
        }
    }

    @Test func `a server starts although a busy process of a killed one is left`() async throws {
        try await withCluster { cluster in
            // A busy backend does not notice that its server is gone.
            let busy = Task { try await cluster.query("DO $$ BEGIN LOOP END LOOP; END $$") }
            let query = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'"
            var backend: pid_t?
            try await eventually("a busy process") {
                backend = pid_t(try await cluster.query(query))
                return backend != nil
            }
            try await cluster.kill()
            #expect(isAlive(try #require(backend)))

            _ = try await cluster.server.start()
            #expect(try await cluster.query("SELECT 1") == "1")
            #expect(!isAlive(try #require(backend)))
            await #expect(throws: TemporaryResourceError.self) { try await busy.value }
        }
    }

    /// A statement of a function that looks up nowhere, and the process that runs it.
    private func withEndlessStatement(
        on cluster: TemporaryCluster,
        _ body: (_ backend: pid_t) async throws -> Void
    ) async throws {
        let endless = Task {
            try await cluster.query("SELECT strpos(repeat('a', 20000000), 'b' || repeat('a', 10000000))")
        }
        let query = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT strpos%' AND state = 'active'"
        var backend: pid_t?
        try await eventually("the process of the statement") {
            backend = pid_t(try await cluster.query(query))
            return backend != nil
        }
        try await body(try #require(backend))
        await #expect(throws: TemporaryResourceError.self) { try await endless.value }
    }

    @Test func `a process that no signal of the server's ends does not keep it from stopping`() async throws {
        try await withCluster { cluster in
            try await cluster.query("CREATE TABLE kept AS SELECT 42 AS answer")
            try await withEndlessStatement(on: cluster) { backend in
                try await cluster.query("SELECT pg_terminate_backend(\(backend))")
                var server = cluster.server
                server.timeLimits.fastStop = .milliseconds(500)
                try await server.stop()
                #expect(try await server.status() == .stopped)
                #expect(!isAlive(backend))
            }
            _ = try await cluster.server.start()
            #expect(try await cluster.query("SELECT answer FROM kept") == "42")
        }
    }

    @Test func `such a process can be killed, and nothing but a process of the server's`() async throws {
        try await withCluster { cluster in
            try await cluster.query("CREATE TABLE kept AS SELECT 42 AS answer")
            let server = try #require(try await cluster.processID)
            for other in [getpid(), server, 1, -1] { #expect(try cluster.server.backend(other) == nil) }
            try await withEndlessStatement(on: cluster) { process in
                let backend = try #require(try cluster.server.backend(process))
                // The number is that of another process by now.
                let earlier = PostgresServer.Backend(process: process, startedAt: backend.startedAt - 1)
                #expect(try !cluster.server.killBackend(earlier))
                #expect(isAlive(process))
                let isKilled = try cluster.server.killBackend(backend)
                #expect(isKilled)
            }
            try await eventually("the recovery") {
                (try? await cluster.query("SELECT answer FROM kept")) == "42"
            }
            #expect(try await cluster.processID == server)
        }
    }

    @Test(arguments: ["this program", "another cluster's server", "nobody"])
    func `a process number of before a crash is not taken for the server's`(_ holder: String) async throws {
        let stale: pid_t? =
            switch holder {
            case "this program": getpid()
            case "nobody": pid_t.max
            default: try await TemporaryCluster.shared.processID
            }
        try await withServer { server in
            let address = try await server.start()
            try await server.stop()
            try write(
                """
                \(try #require(stale))
                \(server.directory)/data
                1700000000
                5432
                \(address.socketDirectory)

                  1234     5678
                ready   \n
                """,
                to: "\(server.directory)/data/postmaster.pid"
            )
            #expect(try await server.status() == .stopped)
            try await server.stop()
            #expect(try await server.start() == address)
            #expect(try await psql(address, "SELECT 1") == "1")
        }
        #expect(isAlive(try #require(stale)) == (holder != "nobody"))
    }

    @Test func `the settings in postgresql.conf go before ours, and each start tidies the logs`() async throws {
        try await withServer { server in
            var address = try await server.start()
            #expect(try await psql(address, "SELECT current_setting('shared_buffers')") == "16MB")
            try await server.stop()
            let file = "\(server.directory)/data/postgresql.conf"
            try write(try text(of: file) + "shared_buffers = 24MB\n", to: file)
            for number in 10..<30 {
                try write("", to: "\(server.directory)/log/postgres-\(number).log")
            }

            address = try await server.start()
            #expect(try await psql(address, "SELECT current_setting('shared_buffers')") == "24MB")
            #expect(
                try names(in: "\(server.directory)/log")
                    == Set(["start.log", "start.log.previous"] + (20..<30).map { "postgres-\($0).log" })
            )
        }
    }

    @Test func `a deleted directory can be started in anew`() async throws {
        try await withServer { server in
            let old = try await server.start()
            let oldProcess = try #require(try await server.processID)
            try await psql(old, "CREATE TABLE gone ()")
            try remove(server.directory)
            #expect(try await server.status() == .uninitialized)

            let new = try await server.start()
            #expect(!isAlive(oldProcess))
            #expect(try await psql(new, "SELECT to_regclass('gone') IS NULL") == "t")
        }
    }

    @Test func `a cancelled start can be done again`() async throws {
        try await withServer { server in
            let start = Task { try await server.start() }
            start.cancel()
            let error = await #expect(throws: PostgresServerError.self) { try await start.value }
            #expect(error?.code == .cancelled)
            let address = try await server.start()
            #expect(try await psql(address, "SELECT 1") == "1")
        }
    }
}
