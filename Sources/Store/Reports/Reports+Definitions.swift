package import JSON
internal import Postgres

extension Reports {
    /// The agents in force, by name; for those who are no readers what they may use.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func agentReport() async throws(StoreError) -> [JSONObject] {
        guard try await readsAll() else { return try await usableReport("agent") }
        return try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT name, version, description, model, tools, functions, policies, guardrails, delegates, capabilities,
                       open_to AS access, created_at, created_by
                FROM agentctl.agents ORDER BY name
            ) AS r
            """
        )
    }

    /// The tools in force, by name.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func toolReport() async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT name, version, description, implementation, effect, timeout, output_limit, created_at, created_by
                FROM agentctl.tools ORDER BY name
            ) AS r
            """
        )
    }

    /// The models in force, by name.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func modelReport() async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT name, version, description, provider, endpoint, base_url, model, api_key_env, context_window, prices,
                       created_at, created_by
                FROM agentctl.models ORDER BY name
            ) AS r
            """
        )
    }

    /// The policies in force, by name, each with the number of its rules and the agents that name it.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func policyReport() async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT p.name, p.version, p.description, jsonb_array_length(coalesce(p.rules, '[]')) AS rules,
                       jsonb_array_length(coalesce(p."order", '[]')) AS order_rules,
                       ARRAY(SELECT a.name FROM agentctl.agents AS a WHERE p.name = ANY (a.policies) ORDER BY a.name) AS agents,
                       p.created_at, p.created_by
                FROM agentctl.policies AS p ORDER BY p.name
            ) AS r
            """
        )
    }

    /// The guardrails in force, by name, each with the agents that name it.
    ///
    /// - Returns: One object each.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func guardrailReport() async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT g.name, g.version, g.description, g.applies_to,
                       (SELECT min(k) FROM jsonb_object_keys(g."check") AS k) AS "check", g.action,
                       ARRAY(SELECT a.name FROM agentctl.agents AS a WHERE g.name = ANY (a.guardrails) ORDER BY a.name) AS agents,
                       g.created_at, g.created_by
                FROM agentctl.guardrails AS g ORDER BY g.name
            ) AS r
            """
        )
    }

    /// One definition with its document and its versions.
    ///
    /// - Parameters:
    ///   - kind: The kind, as documents name it.
    ///   - name: The name.
    ///   - version: The version; nil for the one in force.
    /// - Returns: What was found.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func definitionReport(
        kind: String,
        name: String,
        version: Int? = nil
    ) async throws(StoreError) -> DefinitionReport {
        let found = try await database.objects(
            Self.definitionStatement,
            [.text(kind), .text(name), .optional(version.map { Int64($0) })]
        ).first
        return DefinitionReport(
            definition: found?["definition"]?.objectValue,
            nearest: found?["nearest"]?.stringValue
        )
    }

    private static let definitionStatement: PostgresStatement = """
        SELECT row_to_json(r) AS row
        FROM (
            SELECT (
                SELECT row_to_json(found)
                FROM (
                    SELECT v.kind, v.name, v.version, v.current_version, v.version_id, v.created_at, v.created_by,
                           (SELECT json_object_agg(m.key, m.value ORDER BY f.position)
                            FROM jsonb_each(v.document) AS m
                            LEFT JOIN agentctl.document_field AS f ON f.kind = v.kind AND f.path = m.key) AS document,
                           (SELECT json_agg(row_to_json(each) ORDER BY each.version)
                            FROM (SELECT o.version, o.version_id, o.created_at, o.created_by
                                  FROM agentctl.definition_versions AS o
                                  WHERE o.kind = v.kind AND o.name = v.name) AS each) AS versions
                    FROM agentctl.definition_versions AS v
                    WHERE v.kind = $1 AND v.name = $2 AND v.version = coalesce($3::integer, v.current_version)
                ) AS found
            ) AS definition,
            agentctl.nearest($2, ARRAY(SELECT DISTINCT d.name FROM agentctl.definition_versions AS d WHERE d.kind = $1)) AS nearest
        ) AS r
        """

    /// The stored functions in force, by name; for those who are no readers what they may call.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func functionReport() async throws(StoreError) -> [JSONObject] {
        guard try await readsAll() else { return try await usableReport("function") }
        return try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT name, version, description, language, effect, is_async, requires_context, safe_mode, workspace,
                       timeout, memory_limit, jsonb_array_length(coalesce(examples, '[]')) AS examples,
                       open_to AS access, created_at, created_by
                FROM agentctl.functions ORDER BY name
            ) AS r
            """
        )
    }
}
