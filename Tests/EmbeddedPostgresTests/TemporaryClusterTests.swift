import EmbeddedPostgres
import Glibc
import Synchronization
import TestSupport
import Testing

/// The support that other tests stand on.
@Suite(.timeLimit(.minutes(5)))
struct TemporaryClusterTests {
    private struct Failure: Error {}

    @Test func `a database is the test's own and goes away`() async throws {
        let names = try await withDatabase { first in
            try await withDatabase { second in
                try await psql(first, "CREATE TABLE mine ()")
                #expect(try await psql(second, "SELECT to_regclass('mine') IS NULL") == "t")
                let query = "SELECT current_database()"
                return [try await psql(first, query), try await psql(second, query)]
            }
        }
        let list = names.map { "'\($0)'" }.joined(separator: ",")
        let cluster = try await TemporaryCluster.shared
        #expect(try await cluster.query("SELECT count(*) FROM pg_database WHERE datname IN (\(list))") == "0")
    }

    @Test func `a failing test's database goes away, with its connections`() async throws {
        let name = Mutex("")
        await #expect(throws: Failure.self) {
            try await withDatabase { url in
                let database = try await psql(url, "SELECT current_database()")
                name.withLock { $0 = database }
                throw Failure()
            }
        }
        let database = name.withLock { $0 }
        let cluster = try await TemporaryCluster.shared
        #expect(try await cluster.query("SELECT count(*) FROM pg_database WHERE datname = '\(database)'") == "0")
    }

    @Test func `a template is made once and copied`() async throws {
        let made = Atomic(0)
        let template = DatabaseTemplate("numbered") { url in
            made.add(1, ordering: .relaxed)
            try await psql(url, "CREATE TABLE numbers AS SELECT generate_series(1, 3) AS number")
        }
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    try await withDatabase(template: template) { url in
                        try await psql(url, "DELETE FROM numbers WHERE number = 2")
                        #expect(try await psql(url, "SELECT sum(number) FROM numbers") == "4")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(made.load(ordering: .relaxed) == 1)
    }

    @Test func `a cluster goes away`() async throws {
        let (directory, processID) = try await withCluster { cluster in
            (cluster.server.directory, try #require(try await cluster.processID))
        }
        #expect(access(directory, F_OK) == -1)
        #expect(!isAlive(processID))
    }
}
