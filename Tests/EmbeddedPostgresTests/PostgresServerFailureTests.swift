import EmbeddedPostgres
import Glibc
import TestSupport
import Testing

/// What a user is told.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct PostgresServerFailureTests {
    @Test func `programs that are not where they were said to be`() async throws {
        let said = #expect(throws: PostgresServerError.self) {
            try PostgresServer.findBinaries(environment: ["AGENTCTL_POSTGRES_BIN": "/nowhere", "PATH": "/usr/bin"])
        }
        #expect(
            said?.message
                == "/nowhere does not hold PostgreSQL's programs postgres, initdb and pg_ctl; check AGENTCTL_POSTGRES_BIN"
        )
        try await withTemporaryDirectory { path in
            let error = await #expect(throws: PostgresServerError.self) {
                try await PostgresServer(directory: path, binaries: "/nowhere").start()
            }
            #expect(error?.code == .binariesNotFound)
        }
    }

    @Test func `a setting that PostgreSQL refuses is told with the log, and can be mended`() async throws {
        try await withServer { server in
            let broken = PostgresServer(
                directory: server.directory,
                settings: fastSettings.merging(["shared_buffers": "plenty"]) { $1 }
            )
            let error = await #expect(throws: PostgresServerError.self) { try await broken.start() }
            #expect(error?.code == .startFailed)
            #expect(error?.message == "the PostgreSQL server in \(server.directory) did not start")
            #expect(error?.logTail?.contains(#"invalid value for parameter "shared_buffers": "plenty""#) == true)
            let address = try await server.start()
            #expect(try await psql(address, "SELECT 1") == "1")
        }
    }

    @Test func `the log of a failure after the log collector has started`() async throws {
        try await withServer { server in
            let broken = PostgresServer(
                directory: server.directory,
                settings: ["fsync": "off", "hba_file": "/nowhere/pg_hba.conf"]
            )
            let error = await #expect(throws: PostgresServerError.self) { try await broken.start() }
            #expect(error?.code == .startFailed)
            #expect(error?.logTail?.contains("/nowhere/pg_hba.conf") == true)
        }
    }

    @Test(arguments: [["two\nlines": "1"], ["": "1"], ["work_mem": "1MB\nfsync = off"], ["Fsync = off #": "1"]])
    func `a setting that would be more than one line`(_ settings: [String: String]) async throws {
        try await withTemporaryDirectory { path in
            let error = await #expect(throws: PostgresServerError.self) {
                try await PostgresServer(directory: path, settings: settings).start()
            }
            #expect(error?.code == .invalidSetting)
            let status = try await PostgresServer(directory: path).status()
            #expect(status == .uninitialized)
        }
    }

    @Test func `a lock that others hold`() async throws {
        try await withServer { server in
            _ = try await server.start()
            try await server.stop()
            let descriptor = open("\(server.directory)/lock", O_RDWR | O_CLOEXEC)
            defer { close(descriptor) }
            #expect(flock(descriptor, LOCK_EX) == 0)

            var impatient = server
            impatient.timeLimits.lock = .milliseconds(50)
            let error = await #expect(throws: PostgresServerError.self) { try await impatient.start() }
            #expect(error?.code == .timedOut)
            #expect(error?.message.contains("\(server.directory)/lock") == true)
        }
    }

    @Test func `a file where the directory should be`() async throws {
        try await withTemporaryDirectory { path in
            try write("", to: "\(path)/postgres")
            let error = await #expect(throws: PostgresServerError.self) {
                try await PostgresServer(directory: "\(path)/postgres").start()
            }
            #expect(error?.code == .inaccessible)
        }
    }
}
