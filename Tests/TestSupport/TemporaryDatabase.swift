/// What is in a new database before a test gets it; made once for a test process and copied for each test.
public struct DatabaseTemplate: Sendable {
    let name: String
    let prepare: @Sendable (_ url: String) async throws -> Void

    /// Describes a template.
    ///
    /// - Parameters:
    ///   - name: Templates of the same name are the same.
    ///   - prepare: Fills an empty database, once, and closes its connections.
    public init(_ name: String, prepare: @escaping @Sendable (_ url: String) async throws -> Void) {
        self.name = name
        self.prepare = prepare
    }
}

/// Runs `body` with the URL of a new database on the shared cluster, and drops the database afterwards, also when `body` throws.
///
/// ```swift
/// extension DatabaseTemplate {
///     static let migrated = DatabaseTemplate("migrated") { url in try await migrate(url) }
/// }
/// try await withDatabase(template: .migrated) { url in … }
/// ```
///
/// At most twelve tests have a database at the same time, so that all of them can be run at once. A test may ask for
/// a second one inside.
///
/// - Parameter template: What the database holds; nothing by default.
public func withDatabase<Result>(
    template: DatabaseTemplate? = nil,
    _ body: (_ url: String) async throws -> Result
) async throws -> Result {
    try await TemporaryDatabaseSlots.shared.withSlot {
        let cluster = try await TemporaryCluster.shared
        let instance = TemporarySharedCluster.instance
        var source = "template0"
        if let template {
            source = try await instance.database(of: template)
        }
        let database = await instance.newDatabaseName()
        try await cluster.query("CREATE DATABASE \(database) TEMPLATE \(source)", database: "postgres")
        let result: Result
        do {
            result = try await body(try await cluster.wantedURL(of: database))
        } catch {
            try? await cluster.drop(database)
            throw error
        }
        try await cluster.drop(database)
        return result
    }
}

extension TemporaryCluster {
    /// With `AGENTCTL_TEST_POOLER=1` through PgBouncer.
    fileprivate func wantedURL(of database: String) async throws -> String {
        let url = url(database: database)
        return TemporaryPgBouncer.isWanted ? try await TemporaryPgBouncer.shared.value.url(url) : url
    }

    /// Drops a database with its connections, in a task of its own: the test's may be cancelled.
    fileprivate func drop(_ database: String) async throws {
        try await Task {
            _ = try await query("DROP DATABASE \(database) WITH (FORCE)", database: "postgres")
        }.value
    }
}
