import Definitions
package import Postgres

/// Brings the schema `agentctl` to this release.
///
/// Numbered files are applied once, each in a transaction of its own; then the rows, routines and views that differ from
/// the record, in one transaction. A lock lets two programs that migrate at once take turns, and the second
/// finds nothing left to do. The server computes the checksum of each file; a numbered file that was edited after it had
/// been applied is refused by name, and so is a database that a newer release has migrated.
package struct Migrator: Sendable {
    package let client: PostgresClient
    package let schema: Schema
    package let patience: MigrationPatience

    /// A migrator.
    ///
    /// - Parameters:
    ///   - client: An open client, as a user who may create schemas.
    ///   - schema: The schema to install.
    ///   - patience: How long to wait for locks.
    package init(client: PostgresClient, schema: Schema = .embedded, patience: MigrationPatience = MigrationPatience())
    {
        self.client = client
        self.schema = schema
        self.patience = patience
    }

    /// How each file stands.
    ///
    /// - Returns: One entry a file, in the order in which they are applied; of a database that the first layout made,
    ///   the upgrade stands for the numbered files that it covers.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func status() async throws -> [MigrationStatus] {
        try await reporting("the schema") {
            try await client.withConnection { try await MigrationRecord(on: $0, of: schema) }
        }.status(of: schema)
    }

    /// Applies what is outstanding.
    ///
    /// - Parameter progress: Called with what was done, and with the sessions that a file waits for.
    /// - Returns: The names of the files that this call applied, and of those whose objects it dropped.
    /// - Throws: ``StoreError/Code/refused`` when a numbered file was edited, a newer release has been here, or the
    ///   database is not in UTF-8;
    ///   ``StoreError/Code/unavailable`` when other sessions keep what has to be locked; ``StoreError`` otherwise.
    ///   What was applied before the failing transaction stays applied.
    @discardableResult
    package func migrate(
        progress: @escaping @Sendable (MigrationProgress) -> Void = { _ in }
    ) async throws -> [String] {
        try await requireUTF8()
        let locks = MigrationLocks(client: client, patience: patience, progress: progress)
        try await reporting("the schema") {
            try await locks.transaction("the schema") { try await $0.executeScript(MigrationRecord.bootstrap) }
        }
        try refuse(try await status())
        var done = try await upgrade(locks) + prepare(locks)
        for file in schema.tables {
            let start = ContinuousClock.now
            let isNew = try await reporting(file.name) {
                file.onlineIndex == nil ? try await apply(file, locks) : try await applyOnline(file, locks)
            }
            guard isNew else { continue }
            done.append(file.name)
            progress(.applied(name: file.name, start.duration(to: .now)))
        }
        return done + (try await refresh(locks))
    }

    /// Makes a login that may do all that commands do and is no superuser, and gives it the database.
    ///
    /// - Parameter login: The role's name; it need not exist.
    /// - Throws: ``StoreError/Code/notPermitted`` unless the client is a superuser's.
    package func makeOperator(_ login: String) async throws {
        try await reporting("the login \(login)") {
            _ = try await client.query("SELECT agentctl.make_operator($1)", [.text(login)])
        }
    }

    /// Checks that the database can hold every text.
    ///
    /// - Throws: ``StoreError/Code/refused`` when its encoding is not UTF8.
    package func requireUTF8() async throws {
        let rows = try await reporting("the schema") {
            try await client.query(
                "SELECT current_setting('server_encoding') AS encoding, current_database() AS database"
            )
        }
        guard let row = rows.first, try row.decode("encoding", as: String.self) != "UTF8" else { return }
        throw StoreError(
            .refused,
            "the database \(try row.decode("database", as: String.self)) has the encoding "
                + "\(try row.decode("encoding", as: String.self)), and agentctl needs UTF8",
            hint: "Make another one: CREATE DATABASE agents ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"
        )
    }

    private func refuse(_ status: [MigrationStatus]) throws(StoreError) {
        if let edited = status.first(where: { $0.state == .edited }) {
            throw StoreError(
                .refused,
                "\(edited.name) was edited after it had been applied",
                hint: "Restore the file as it was, and put the change into a new one."
            )
        }
        if let newer = status.first(where: { $0.state == .unknown }) {
            throw StoreError(
                .refused,
                "the database has \(newer.name), which this release (\(Release.current)) does not know",
                hint: "Use the newer release of agentctl."
            )
        }
    }

    private func upgrade(_ locks: MigrationLocks) async throws -> [String] {
        guard let upgrade = schema.upgrades.last else { return [] }
        let start = ContinuousClock.now
        let isNew = try await reporting(upgrade.name) {
            try await locks.transaction(upgrade.name) { connection in
                let record = try await MigrationRecord(on: connection, of: schema)
                guard record.isOfFirstLayout else { return false }
                try await connection.executeScript(upgrade.text)
                let replaced = record.entries.keys.filter { !$0.contains("/") }
                try await MigrationRecord.remove(replaced, on: connection)
                let covered = schema.tables.filter { ($0.number ?? 0) <= upgrade.reaches }
                try await MigrationRecord.store([upgrade] + covered, on: connection)
                return true
            }
        }
        if isNew { locks.progress(.applied(name: upgrade.name, start.duration(to: .now))) }
        return isNew ? [upgrade.name] : []
    }

    /// Makes the functions that numbered files need, on a database that has none of them.
    private func prepare(_ locks: MigrationLocks) async throws -> [String] {
        try await reporting("the first functions") {
            try await locks.transaction("the first functions") { connection in
                let record = try await MigrationRecord(on: connection, of: schema)
                let missing = schema.objects.filter { $0.isFirst && record.entries[$0.name] == nil }
                guard !missing.isEmpty else { return [] }
                try await connection.executeScript("SET LOCAL check_function_bodies = off")
                for file in missing {
                    try await reporting(file.name) { try await connection.executeScript(file.text) }
                }
                try await MigrationRecord.store(missing, on: connection)
                return missing.map(\.name)
            }
        }
    }

    private func apply(_ file: SchemaFile, _ locks: MigrationLocks) async throws -> Bool {
        try await locks.transaction(file.name) { connection in
            guard try await isMissing(file, on: connection) else { return false }
            try await connection.executeScript(file.text)
            try await MigrationRecord.store([file], on: connection)
            return true
        }
    }

    /// An index built beside the work that goes on, which can be in no transaction.
    private func applyOnline(_ file: SchemaFile, _ locks: MigrationLocks) async throws -> Bool {
        try await locks.session(file.name) { connection in
            guard try await isMissing(file, on: connection) else { return false }
            try await dropRemains(of: file.onlineIndex ?? "", on: connection)
            try await connection.executeScript(file.text)
            try await MigrationRecord.store([file], on: connection)
            return true
        }
    }

    /// A build that was cut off leaves an index that nobody can use and everybody has to maintain.
    private func dropRemains(of index: String, on connection: PostgresConnection) async throws {
        let rows = try await connection.query(
            """
            SELECT format('DROP INDEX CONCURRENTLY agentctl.%I', c.relname) AS statement
            FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
            WHERE c.relnamespace = 'agentctl'::regnamespace AND c.relname = $1 AND NOT i.indisvalid
            """,
            [.text(index)]
        )
        for row in rows { try await connection.executeScript(try row.decode("statement")) }
    }

    private func isMissing(_ file: SchemaFile, on connection: PostgresConnection) async throws -> Bool {
        try await connection.query("SELECT FROM agentctl.migration WHERE name = $1", [.text(file.name)]).isEmpty
    }

    /// Turns what the server says of a file into an error that names the file.
    func reporting<Result>(_ name: String, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as PostgresError where !MigrationLocks.isWorthRepeating(error) {
            let cause = StoreError(error)
            let isOwn = [.refused, .unreachable, .cancelled, .notPermitted].contains(cause.code)
            // A view of somebody's own that reads one of ours.
            let isDependedOn = error.sqlState == "2BP01"
            throw StoreError(
                isOwn ? cause.code : .database,
                isOwn ? cause.message : "\(name) failed: \(error.message)",
                hint: isDependedOn
                    ? "\(error.detail ?? ""). Drop that, run agentctl init-db again, and make it again."
                    : cause.code == .notMigrated ? error.hint : cause.hint,
                underlying: error
            )
        }
    }
}
