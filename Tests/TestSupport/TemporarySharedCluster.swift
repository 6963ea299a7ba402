/// Makes the shared cluster once, and each template once, however many tests ask at the same time.
actor TemporarySharedCluster {
    static let instance = TemporarySharedCluster()

    private var starting: Task<TemporaryCluster, any Error>?
    private var templates: [String: Task<String, any Error>] = [:]
    private var databases = 0

    func cluster() async throws -> TemporaryCluster {
        // A task of its own: the first test may be cancelled, the others still want the cluster.
        let task = starting ?? Task { try await TemporaryCluster() }
        starting = task
        return try await task.value
    }

    /// A name that no other database of the cluster has.
    func newDatabaseName() -> String {
        databases += 1
        return "test_\(databases)"
    }

    /// The name of the template's database.
    func database(of template: DatabaseTemplate) async throws -> String {
        let task = templates[template.name] ?? Task { try await make(template) }
        templates[template.name] = task
        return try await task.value
    }

    private func make(_ template: DatabaseTemplate) async throws -> String {
        let cluster = try await cluster()
        let database = "template_\(newDatabaseName())"
        try await cluster.query("CREATE DATABASE \(database) TEMPLATE template0", database: "postgres")
        try await template.prepare(cluster.url(database: database))
        // A database with connections cannot be copied.
        try await cluster.query(
            "ALTER DATABASE \(database) ALLOW_CONNECTIONS false",
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '\(database)'",
            database: "postgres"
        )
        return database
    }
}
