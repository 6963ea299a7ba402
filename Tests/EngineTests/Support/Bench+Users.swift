import Postgres
import TestSupport

/// A user of a database who has nothing but a role, with a connection of its own.
struct RoleUser: Sendable {
    let name: String
    let client: PostgresClient

    /// The first column, named text, of what a statement returns.
    func texts(_ sql: String) async throws -> [String] {
        try await client.query(PostgresStatement(sql)).map { try $0.decode("text", as: String.self) }
    }

    /// The SQLSTATE that a statement ends with; nil when it succeeds.
    func state(of sql: String) async throws -> String? {
        do throws(PostgresError) { _ = try await client.query(PostgresStatement(sql)) } catch { return error.sqlState }
        return nil
    }
}

extension Bench {
    func script(_ sql: String) async throws {
        try await client.withConnection { try await $0.executeScript(sql) }
    }

    /// Lets clients use all that is registered.
    func openToEveryone() async throws {
        try await script("UPDATE agentctl.definition SET access = 'everyone'")
    }

    /// A name that no other test has.
    static func newName(_ word: String = "user") -> String { "\(word)_\(UInt32.random(in: 0..<UInt32.max))" }

    /// Runs a test as a user who can log in already.
    func asUser<Result>(_ name: String, _ body: (RoleUser) async throws -> Result) async throws -> Result {
        var configuration = try PostgresConfiguration(url: url.replacingUser(with: name))
        configuration.maximumConnections = 1
        let client = PostgresClient(configuration, logger: .silent)
        do {
            let result = try await body(RoleUser(name: name, client: client))
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// Runs a test as a new user in a role, who is dropped afterwards.
    func withUser(in role: String, _ body: (RoleUser) async throws -> Void) async throws {
        let name = Self.newName()
        try await script("CREATE ROLE \(name) LOGIN IN ROLE \(role)")
        try await asUser(name, body)
        try await script("DROP ROLE \(name)")
    }

    /// Waits until a session of this database waits for another.
    func untilOneIsBlocked() async throws { try await untilBlocked(1) }

    /// Waits until so many sessions of this database, or more, wait for others.
    func untilBlocked(_ count: Int64) async throws {
        try await eventually(
            """
            SELECT (count(*) >= $1)::text AS text FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """,
            [.integer(count)]
        )
    }
}
