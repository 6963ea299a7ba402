package import Definitions
package import JSON
internal import Postgres

/// Agents, models, tools, functions, policies and guardrails as rows: checks, registers and reads them.
package struct DefinitionStore: Sendable {
    let database: Database

    /// Everything that is wrong with documents that are to be registered together.
    ///
    /// - Parameter documents: The documents.
    /// - Returns: The problems in order of document and path; empty when they can be registered.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func problems(in documents: [JSONValue]) async throws(StoreError) -> [DocumentMistake] {
        let rows = try await database.onShared(
            "SELECT document, path, problem, expected, nearest FROM agentctl.check_documents($1::jsonb)",
            [.json(JSONText(.array(documents)))]
        )
        return try rows.decoded { row throws(PostgresError) in
            DocumentMistake(
                document: try row.decode("document"),
                path: try row.decode("path"),
                problem: try row.decode("problem"),
                expected: try row.decode("expected"),
                nearest: try row.decode("nearest")
            )
        }
    }

    /// Stores documents, all or nothing.
    ///
    /// - Parameter documents: The documents.
    /// - Returns: What became of each, in their order.
    /// - Throws: ``StoreError/Code/invalid`` with every problem; nothing is stored then.
    package func register(_ documents: [JSONValue]) async throws(StoreError) -> [Registration] {
        let rows = try await database.onLeased(
            Self.registering,
            [.json(JSONText(.array(documents.map(SchemaOrder.noted))))]
        )
        return try Self.registrations(rows)
    }

    /// What ``register(_:)`` would do, without doing it: it runs in a transaction that is rolled back.
    ///
    /// - Parameter documents: The documents.
    /// - Returns: What would become of each, in their order.
    /// - Throws: ``StoreError/Code/invalid`` with every problem.
    package func rehearseRegistration(_ documents: [JSONValue]) async throws(StoreError) -> [RehearsedRegistration] {
        let values: [PostgresValue] = [.json(JSONText(.array(documents.map(SchemaOrder.noted))))]
        return try await database.transaction { connection -> Database.TransactionEnd<[RehearsedRegistration]> in
            let before = try Self.documents(try await connection.query(Self.documentsInForce, values))
            let registrations = try Self.registrations(try await connection.query(Self.registering, values))
            let after = try Self.documents(try await connection.query(Self.documentsInForce, values))
            return .rollBack(
                registrations.map { registration in
                    let key = DefinitionKey(kind: registration.kind, name: registration.name)
                    return RehearsedRegistration(
                        registration: registration,
                        before: before[key] ?? [:],
                        after: after[key] ?? [:]
                    )
                }
            )
        }
    }

    private struct DefinitionKey: Hashable {
        let kind: String
        let name: String
    }

    private static func documents(_ rows: PostgresRows) throws(StoreError) -> [DefinitionKey: JSONObject] {
        let found = try rows.decoded { row throws(PostgresError) in
            let document: JSONValue = try row.decode("document")
            return (
                DefinitionKey(kind: try row.decode("kind"), name: try row.decode("name")), document.objectValue ?? [:]
            )
        }
        return Dictionary(found) { $1 }
    }

    private static let documentsInForce: PostgresStatement = """
        SELECT v.kind, v.name, v.document
        FROM jsonb_array_elements($1::jsonb) AS given
        JOIN agentctl.definition AS d ON d.kind = given.value ->> 'kind' AND d.name = given.value ->> 'name'
        JOIN agentctl.definition_version AS v ON v.kind = d.kind AND v.name = d.name AND v.version = d.current_version
        """

    /// Puts a stored version in force.
    ///
    /// - Parameters:
    ///   - kind: The kind.
    ///   - name: The name.
    ///   - version: The version, from 1.
    /// - Returns: What is in force now.
    /// - Throws: ``StoreError/Code/notFound`` when there is no such version.
    package func publish(kind: String, name: String, version: Int) async throws(StoreError) -> PublishedVersion {
        let rows = try await database.onLeased(
            """
            SELECT v.version FROM agentctl.publish($1, $2::integer, $3) AS p (id)
            JOIN agentctl.definition_version AS v ON v.id = p.id
            """,
            [.text(name), .integer(Int64(version)), .text(kind)]
        )
        return PublishedVersion(kind: kind, name: name, version: try rows.scalar("version"))
    }

    /// Puts the version before the present one in force.
    ///
    /// - Parameters:
    ///   - kind: The kind.
    ///   - name: The name.
    /// - Returns: What is in force now.
    /// - Throws: ``StoreError/Code/notFound`` when there is no such definition, or none before.
    package func rollback(kind: String, name: String) async throws(StoreError) -> PublishedVersion {
        let rows = try await database.onLeased(
            """
            SELECT v.version FROM agentctl.rollback($1, kind => $2) AS p (id)
            JOIN agentctl.definition_version AS v ON v.id = p.id
            """,
            [.text(name), .text(kind)]
        )
        return PublishedVersion(kind: kind, name: name, version: try rows.scalar("version"))
    }

    /// The definitions that the database knows, also those out of force.
    ///
    /// - Returns: One entry each, with the version in force or else the last one; none is changed.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func known() async throws(StoreError) -> [Registration] {
        let rows = try await database.onLeased(
            """
            SELECT DISTINCT ON (v.kind, v.name) v.kind, v.name, v.version, v.version_id, false AS changed
            FROM agentctl.definition_versions AS v
            ORDER BY v.kind, v.name, v.in_force DESC, v.version DESC
            """
        )
        return try Self.registrations(rows)
    }

    private static let registering: PostgresStatement =
        "SELECT kind, name, version, version_id, changed FROM agentctl.register($1::jsonb)"

    private static func registrations(_ rows: PostgresRows) throws(StoreError) -> [Registration] {
        try rows.decoded { row throws(PostgresError) in
            Registration(
                kind: try row.decode("kind"),
                name: try row.decode("name"),
                version: try row.decode("version"),
                versionID: try row.decode("version_id"),
                isChanged: try row.decode("changed")
            )
        }
    }

    /// Takes a definition out of force; its versions and their history stay.
    ///
    /// - Parameters:
    ///   - kind: The kind.
    ///   - name: The name.
    ///   - isRehearsal: Whether it is only found out whether it can be.
    /// - Throws: ``StoreError/Code/refused``, naming them, when others in force refer to it, or an agent has work to do;
    ///   ``StoreError/Code/notFound`` when there is none in force.
    package func unregister(kind: String, name: String, isRehearsal: Bool = false) async throws(StoreError) {
        _ = try await database.onLeased(
            "SELECT agentctl.unregister($1, $2, $3)",
            [.text(name), .text(kind), .bool(isRehearsal)]
        )
    }
}
