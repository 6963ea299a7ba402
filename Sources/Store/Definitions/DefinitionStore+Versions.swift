package import Definitions
package import JSON
internal import Postgres

extension DefinitionStore {
    /// The agent or chain in force under a name and all it is built from, with the epoch of the definitions.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - model: The model that it has instead of its own; nil for its own.
    ///   - chainVersion: The version of a chain; nil for what is in force.
    /// - Returns: The parts; nil when there is no such agent.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func agentParts(
        _ name: String,
        model: String? = nil,
        chainVersion: Int? = nil
    ) async throws(StoreError) -> AgentParts? {
        let rows = try await database.onShared(
            "SELECT epoch, kind, part_name, version, version_id, document FROM agentctl.agent_parts($1, $2, $3::integer)",
            [.text(name), .optional(model), .optional(chainVersion.map { Int64($0) })]
        )
        let parts = try rows.decoded { row throws(PostgresError) in
            (
                try row.decode("epoch", as: Int64.self),
                try Definition(row: row, name: "part_name")
            )
        }
        guard let epoch = parts.first?.0, let agent = parts.first(where: { ["agent", "chain"].contains($0.1.kind) })?.1
        else {
            return nil
        }
        let own = model ?? agent.document["model"]?.stringValue
        let models = parts.map(\.1).filter { $0.kind == "model" }
        return AgentParts(
            epoch: epoch,
            agent: agent,
            models: models.filter { $0.name == own } + models.filter { $0.name != own },
            endpoints: parts.map(\.1).filter { $0.kind == "endpoint" },
            tools: parts.map(\.1).filter { $0.kind == "tool" },
            functions: parts.map(\.1).filter { $0.kind == "function" },
            policies: Self.policies(of: agent, among: parts.map(\.1)),
            guardrails: Self.named("guardrails", of: agent, among: parts.map(\.1), kind: "guardrail"),
            delegates: parts.map(\.1).filter { $0.kind == "delegate" },
            graph: parts.map(\.1).first { $0.kind == "graph" }
        )
    }

    private static func named(
        _ field: String,
        of agent: Definition,
        among parts: [Definition],
        kind: String
    ) -> [Definition] {
        let names = agent.document[field]?.arrayValue?.compactMap(\.stringValue) ?? []
        return names.compactMap { name in parts.first { $0.kind == kind && $0.name == name } }
    }

    /// Those that the agent names, and then the default one.
    private static func policies(of agent: Definition, among parts: [Definition]) -> [Definition] {
        let named = named("policies", of: agent, among: parts, kind: "policy")
        return named + parts.filter { part in part.kind == "policy" && !named.contains { $0.name == part.name } }
    }

    /// A version of a function.
    ///
    /// - Parameters:
    ///   - name: The function's name.
    ///   - version: The version; nil for the one in force.
    /// - Returns: The version; nil when there is none.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func function(named name: String, version: Int? = nil) async throws(StoreError) -> Definition? {
        let rows = try await database.onShared(
            Self.selecting("coalesce($2::integer, v.current_version)", "v.kind = 'function' AND v.name = $1"),
            [.text(name), .optional(version.map { Int64($0) })]
        )
        return try rows.decoded { row throws(PostgresError) in try Definition(row: row) }.first
    }

    /// The names of the functions in force, in order.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func functionNames() async throws(StoreError) -> [String] {
        let rows = try await database.onShared(
            """
            SELECT v.name FROM agentctl.definition_versions AS v WHERE v.kind = 'function' AND v.in_force ORDER BY v.name
            """
        )
        return try rows.decoded { row throws(PostgresError) in try row.decode("name") }
    }

    /// The tools in force, and the functions that pipelines may call, with their whole definitions, by name.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func toolDefinitions() async throws(StoreError) -> [Definition] {
        let rows = try await database.onShared(
            Self.selecting("v.current_version", "v.kind IN ('tool', 'function') ORDER BY v.name, v.kind"),
            []
        )
        return try rows.decoded { row throws(PostgresError) in try Definition(row: row) }
    }

    /// Every model in force with its document.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func modelDefinitions() async throws(StoreError) -> [Definition] {
        let rows = try await database.onLeased(
            Self.selecting("v.current_version", "v.kind = 'model' ORDER BY v.name")
        )
        return try rows.decoded { row throws(PostgresError) in try Definition(row: row) }
    }

    /// The endpoints in force: their documents by their names.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func endpointDocuments() async throws(StoreError) -> [String: JSONValue] {
        let rows = try await database.onLeased(Self.selecting("v.current_version", "v.kind = 'endpoint'"))
        let endpoints = try rows.decoded { row throws(PostgresError) in try Definition(row: row) }
        return Dictionary(endpoints.map { ($0.name, $0.document) }) { first, _ in first }
    }

    /// A statement whose rows are definitions.
    ///
    /// - Parameters:
    ///   - version: The version of each, as SQL.
    ///   - rest: Which of them, in what order, as SQL.
    private static func selecting(_ version: StaticString, _ rest: StaticString) -> PostgresStatement {
        PostgresStatement(
            """
            SELECT v.kind, v.name, v.version, v.version_id, v.document
            FROM agentctl.definition_versions AS v
            WHERE v.version = \(version) AND \(rest)
            """
        )
    }
}
