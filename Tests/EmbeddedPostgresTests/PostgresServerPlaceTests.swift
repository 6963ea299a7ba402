import EmbeddedPostgres
import Glibc
import TestSupport
import Testing

/// Where a cluster can be, and who can have one.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct PostgresServerPlaceTests {
    @Test func `a path too long for a socket`() async throws {
        try await withServer(at: String(repeating: "long/", count: 40) + "postgres") { server in
            let address = try await server.start()
            defer { try? remove(address.socketDirectory) }
            #expect(address.socketDirectory.utf8.count <= 93)
            #expect(try permissions(of: address.socketDirectory) == 0o700)
            #expect(try await psql(address, "SELECT 1") == "1")
            let processID = try #require(try await server.processID)
            #expect(try await server.status() == .running(pid: processID, address: address))
        }
    }

    @Test func `a path with characters that mean something to the shell and to PostgreSQL`() async throws {
        try await withServer(at: #"it's "$HOME" `id` \ %41/é"#) { server in
            let address = try await server.start()
            #expect(address.socketDirectory.hasPrefix(server.directory))
            #expect(try await psql(address, "SELECT 1") == "1")
        }
    }

    @Test func `a path with a comma, which separates hosts`() async throws {
        try await withServer(at: "here, there") { server in
            let address = try await server.start()
            defer { try? remove(address.socketDirectory) }
            #expect(try await psql(address, "SELECT 1") == "1")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root has places that the server's user cannot reach"))
    func `a directory that only root can enter`() async throws {
        try await withTemporaryDirectory(permissions: 0o700) { path in
            let server = PostgresServer(directory: "\(path)/postgres", settings: fastSettings)
            let address = try await server.start()
            let location = try text(of: "\(path)/postgres/location")
            #expect(location.hasPrefix("/var/lib/agentctl/"))
            let place = String(location.dropLast())
            defer { try? remove(place) }
            try await psql(address, "CREATE TABLE kept ()")

            let again = PostgresServer(directory: "\(path)/postgres", settings: fastSettings)
            #expect(try await again.start() == address)
            try await again.stop()
            #expect(try await server.status() == .stopped)
            #expect(try await psql(try await again.start(), "SELECT to_regclass('kept')") == "kept")
            try await again.stop()

            // Deleted, it is a new cluster that comes, not the old one.
            try remove("\(path)/postgres")
            let fresh = try await server.start()
            let freshPlace = String(try text(of: "\(path)/postgres/location").dropLast())
            defer { try? remove(freshPlace) }
            #expect(freshPlace == "\(place)-2")
            #expect(try await psql(fresh, "SELECT to_regclass('kept') IS NULL") == "t")
            try await server.stop()
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root could be sent elsewhere by the server's user"))
    func `a location that somebody else wrote is refused`() async throws {
        try await withTemporaryDirectory { path in
            let target = try TemporaryDirectory()
            defer { try? target.remove() }
            try write("\(target.path)\n", to: "\(path)/location")
            #expect(chown("\(path)/location", 65_534, 65_534) == 0)
            let error = await #expect(throws: PostgresServerError.self) {
                try await PostgresServer(directory: path, settings: fastSettings).start()
            }
            #expect(error?.code == .inaccessible)
            #expect(error?.message == "\(path)/location was not written by agentctl; remove it")
            let names = try names(in: target.path)
            #expect(names == [])
        }
    }

    @Test(.enabled("needs root, and a build that others can run", NormalUser.canRunTests))
    func `a normal user has a server`() async throws {
        let output = try await NormalUser.runTest("a server is created, started, asked and stopped")
        #expect(output.contains("Test run with 1 test in 1 suite passed"), "\(output)")
    }
}
