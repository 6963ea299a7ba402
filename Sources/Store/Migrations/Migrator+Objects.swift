import Postgres

/// Rows, routines and views: what a release has in one form only.
extension Migrator {
    /// Brings rows, routines and views to this release, and runs what every migration ends with.
    ///
    /// - Returns: The names of the files that were applied, and of those whose objects were dropped.
    package func refresh(_ locks: MigrationLocks) async throws -> [String] {
        let start = ContinuousClock.now
        let changes = try await reporting("finally.sql") {
            try await locks.transaction("rows, routines and views") { connection in
                let record = try await MigrationRecord(on: connection, of: schema)
                var changes = ObjectChanges(
                    changed: schema.objects.filter { !record.isCurrent($0) },
                    obsolete: record.obsolete(in: schema)
                )
                if !changes.isEmpty { try await apply(&changes, on: connection) }
                try await connection.executeScript(schema.ending)
                try await MigrationRecord.storeFingerprint(of: schema, on: connection)
                return changes
            }
        }
        guard !changes.isEmpty else { return [] }
        locks.progress(
            .refreshed(
                rows: changes.applied.count { $0.kind == .rows },
                routines: changes.applied.count { $0.kind == .routines },
                views: changes.applied.count { $0.kind == .views },
                dropped: changes.obsolete.count,
                start.duration(to: .now)
            )
        )
        return (changes.applied + changes.obsolete).map(\.name)
    }

    private func apply(_ changes: inout ObjectChanges, on connection: PostgresConnection) async throws {
        let objects = SchemaObjects(connection: connection)
        // Bodies name each other in circles; all of them are checked when all are there.
        try await connection.executeScript("SET LOCAL check_function_bodies = off")
        for file in changes.changed where file.kind == .rows { try await run(file, on: connection) }
        for file in changes.obsolete where file.kind == .views {
            changes.dropped.formUnion(try await objects.drop(view: file.stem))
        }
        for file in changes.obsolete where file.kind == .routines {
            for signature in try await objects.signatures(of: file.stem) {
                changes.dropped.formUnion(try await objects.drop(function: signature))
            }
        }
        for file in changes.changed {
            for signature in file.replaced {
                changes.dropped.formUnion(try await objects.drop(function: signature))
            }
        }
        for file in changes.changed where file.kind == .routines { try await run(file, on: connection) }
        for view in schema.objects where view.kind == .views {
            guard changes.includes(view) else { continue }
            try await replace(view, objects, &changes)
            changes.applied.append(view)
        }
        try await connection.executeScript(SchemaObjects.checkOfBodies)
        changes.applied = changes.changed.filter { $0.kind != .views } + changes.applied
        try await MigrationRecord.store(changes.applied, on: connection)
        try await MigrationRecord.remove(changes.obsolete.map(\.name), on: connection)
    }

    /// Applies a view's file.
    ///
    /// `CREATE OR REPLACE VIEW` keeps what others have built on a view and were granted on it, but it only adds columns.
    /// A view whose columns change otherwise is dropped with those of the schema that read it, which are made again.
    private func replace(_ view: SchemaFile, _ objects: SchemaObjects, _ changes: inout ObjectChanges) async throws {
        try await reporting(view.name) {
            try await objects.connection.executeScript("SAVEPOINT view")
            do {
                try await objects.connection.executeScript(view.text)
            } catch let error as PostgresError where error.sqlState == "42P16" {
                try await objects.connection.executeScript("ROLLBACK TO SAVEPOINT view")
                changes.dropped.formUnion(try await objects.drop(view: view.stem))
                try await objects.connection.executeScript(view.text)
            }
        }
    }

    private func run(_ file: SchemaFile, on connection: PostgresConnection) async throws {
        try await reporting(file.name) { try await connection.executeScript(file.text) }
    }
}

/// The rows, routines and views that a release changes.
private struct ObjectChanges {
    /// Files that differ from the record.
    let changed: [SchemaFile]
    /// What the record has and the release has not.
    let obsolete: [SchemaFile]
    /// Names of views that were dropped on the way.
    var dropped: Set<String> = []
    /// Files that were applied.
    var applied: [SchemaFile] = []

    init(changed: [SchemaFile], obsolete: [SchemaFile]) {
        self.changed = changed
        self.obsolete = obsolete
    }

    var isEmpty: Bool { changed.isEmpty && obsolete.isEmpty }

    func includes(_ view: SchemaFile) -> Bool {
        changed.contains(view) || dropped.contains(view.stem)
    }
}
