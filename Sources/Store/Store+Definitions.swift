package import Definitions
package import JSON
internal import Postgres

extension Store {
    /// Everything that is wrong with documents that are to be registered together.
    ///
    /// - Parameter documents: The documents.
    /// - Returns: The problems in order of document and path; empty when they can be registered.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func problems(in documents: [JSONValue]) async throws(StoreError) -> [DocumentMistake] {
        let rows = try await read(
            "SELECT document, path, problem, expected, nearest FROM agentctl.check_documents($1::jsonb)",
            [.json(JSONText(.array(documents)))]
        )
        return try decode(rows) { row throws(PostgresError) in
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
        let rows = try await query(
            "SELECT kind, name, version, version_id, changed FROM agentctl.register($1::jsonb)",
            [.json(JSONText(.array(documents)))]
        )
        return try decode(rows) { row throws(PostgresError) in
            Registration(
                kind: try row.decode("kind"),
                name: try row.decode("name"),
                version: try row.decode("version"),
                versionID: try row.decode("version_id"),
                isChanged: try row.decode("changed")
            )
        }
    }

    /// The agent in force under a name and all it is built from, with the epoch of the definitions.
    ///
    /// - Parameters:
    ///   - name: The agent's name.
    ///   - model: The model that it has instead of its own; nil for its own.
    /// - Returns: The parts; nil when there is no such agent.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func agentParts(_ name: String, model: String? = nil) async throws(StoreError) -> AgentParts? {
        let rows = try await read(
            "SELECT epoch, kind, part_name, version, version_id, document FROM agentctl.agent_parts($1, $2)",
            [.text(name), .optional(model)]
        )
        let parts = try decode(rows) { row throws(PostgresError) in
            (
                try row.decode("epoch", as: Int64.self),
                Definition(
                    kind: try row.decode("kind"),
                    name: try row.decode("part_name"),
                    version: try row.decode("version"),
                    versionID: try row.decode("version_id"),
                    document: try row.decode("document")
                )
            )
        }
        guard let epoch = parts.first?.0, let agent = parts.first(where: { $0.1.kind == "agent" })?.1 else {
            return nil
        }
        return AgentParts(
            epoch: epoch,
            agent: agent,
            models: parts.map(\.1).filter { $0.kind == "model" },
            tools: parts.map(\.1).filter { $0.kind == "tool" },
            functions: parts.map(\.1).filter { $0.kind == "function" },
            policies: Self.policies(of: agent, among: parts.map(\.1)),
            guardrails: Self.named("guardrails", of: agent, among: parts.map(\.1), kind: "guardrail")
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
}
