internal import Postgres

/// The functions and views of the schema, as statements drop them.
struct SchemaObjects {
    package let connection: PostgresConnection

    /// The signatures of the functions that a file is named as: `agentctl.claim(bigint,integer,text)`.
    func signatures(of stem: String) async throws(PostgresError) -> [String] {
        try await texts(
            """
            SELECT p.oid::regprocedure::text AS text
            FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
            WHERE n.nspname || '.' || p.proname = $1
            """,
            [.text(Self.qualified(stem))]
        )
    }

    /// Drops a function, and the views of the schema that call it.
    ///
    /// - Parameter signature: `claim(bigint, integer)`; a function that is not there is passed over.
    /// - Returns: The names of the views that were dropped.
    package func drop(function signature: String) async throws(PostgresError) -> [String] {
        let name = Self.qualified(signature)
        let dropped = try await drop(viewsOn: "to_regprocedure($1)", .text(name))
        try await connection.executeScript("DROP FUNCTION IF EXISTS \(name)")
        return dropped
    }

    /// Drops a view, and the views of the schema that read it; fails when anything else depends on one of them.
    ///
    /// - Parameter name: The view's name.
    /// - Returns: The names of the views that were dropped.
    package func drop(view name: String) async throws(PostgresError) -> [String] {
        try await drop(viewsOn: "to_regclass($1)", .text("agentctl.\(name)"))
    }

    private func drop(viewsOn object: String, _ name: PostgresValue) async throws(PostgresError) -> [String] {
        let views = try await texts(
            PostgresStatement(
                """
                WITH RECURSIVE dependent (id) AS (
                    SELECT \(object)::oid
                    UNION
                    SELECT r.ev_class
                    FROM dependent
                    JOIN pg_depend AS d ON d.refobjid = dependent.id AND d.classid = 'pg_rewrite'::regclass
                    JOIN pg_rewrite AS r ON r.oid = d.objid
                )
                SELECT c.relname::text AS text
                FROM dependent JOIN pg_class AS c ON c.oid = dependent.id
                WHERE c.relkind = 'v' AND c.relnamespace = 'agentctl'::regnamespace
                """
            ),
            [name]
        )
        guard !views.isEmpty else { return [] }
        let names = views.map { "agentctl.\"\($0)\"" }.joined(separator: ", ")
        try await connection.executeScript("DROP VIEW \(names)")
        return views
    }

    private func texts(
        _ statement: PostgresStatement,
        _ values: [PostgresValue]
    ) async throws(PostgresError) -> [String] {
        var result: [String] = []
        for row in try await connection.query(statement, values) { result.append(try row.decode("text")) }
        return result
    }

    private static func qualified(_ name: String) -> String {
        name.hasPrefix("agentctl_sql.") || name.hasPrefix("agentctl.") ? name : "agentctl.\(name)"
    }

    /// Has the server parse the bodies of all functions, as it does for each when `check_function_bodies` is on.
    static let checkOfBodies = """
        SET LOCAL search_path = agentctl, pg_temp;
        SET LOCAL check_function_bodies = on;
        SELECT fmgr_sql_validator(p.oid) FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
        WHERE p.pronamespace = 'agentctl'::regnamespace AND l.lanname = 'sql';
        SELECT plpgsql_validator(p.oid) FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
        WHERE p.pronamespace = 'agentctl'::regnamespace AND l.lanname = 'plpgsql';
        SET LOCAL search_path TO DEFAULT;
        """
}
