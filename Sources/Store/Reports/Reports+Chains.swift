package import JSON
internal import Postgres

extension Reports {
    /// A form in which the database draws a chain.
    package enum ChainForm: Sendable, Hashable, CaseIterable {
        /// For a terminal.
        case text
        case mermaid
        /// For Graphviz.
        case dot
    }

    /// The chains in force, by name, each with its kind (`relationship` or `workflow`), the number of its nodes and edges,
    /// and the agents that it names; for those who are no readers what they may use.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func chainReport() async throws(StoreError) -> [JSONObject] {
        guard try await readsAll() else { return try await usableReport("chain") }
        return try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT c.name, c.version, CASE WHEN c."from" IS NULL THEN 'workflow' ELSE 'relationship' END AS kind,
                       c.strategy,
                       (SELECT count(*) FROM agentctl.chain_nodes AS n WHERE n.version_id = c.version_id) AS nodes,
                       (SELECT count(*) FROM agentctl.chain_edges AS e WHERE e.version_id = c.version_id) AS edges,
                       ARRAY(SELECT DISTINCT a.name FROM (
                                 SELECT n.target AS name FROM agentctl.chain_nodes AS n
                                 WHERE n.version_id = c.version_id AND n.kind IN ('agent', 'map')
                                   AND n.definition ? 'agent'
                                 UNION ALL
                                 SELECT unnest(ARRAY[r.from_agent, r.to_agent]) FROM agentctl.agent_relationships AS r
                                 WHERE r.version_id = c.version_id) AS a
                             WHERE a.name IS NOT NULL ORDER BY a.name) AS agents,
                       c.description, c.routable, c.open_to AS access, c.created_at, c.created_by
                FROM agentctl.chains AS c ORDER BY c.name
            ) AS r
            """
        )
    }

    /// Who may delegate or hand over to whom, by the chains in force.
    ///
    /// - Returns: Rows of the view `agentctl.agent_relationships`.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func relationshipReport() async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row FROM agentctl.agent_relationships AS r
            ORDER BY r.from_agent, r.to_agent NULLS LAST, r.capabilities, r.chain
            """
        )
    }

    /// Runs of chains, the last ones first.
    ///
    /// - Parameters:
    ///   - chain: Of this chain; nil for all.
    ///   - status: That are so; nil for all.
    ///   - limit: How many at most.
    /// - Returns: Rows of the view `agentctl.chain_runs`, each with its `run` as conversation/seq.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func chainRuns(chain: String?, status: String?, limit: Int) async throws(StoreError) -> [JSONObject] {
        let runs = try await readable("chain_runs")
        return try await database.objects(
            PostgresStatement(
                """
                SELECT row_to_json(r) AS row
                FROM (
                    SELECT c.conversation_id || '/' || c.seq AS run, c.* FROM \(runs) AS c
                    WHERE ($1::text IS NULL OR c.chain = $1) AND ($2::text IS NULL OR c.status = $2)
                    ORDER BY c.started_at DESC LIMIT $3
                ) AS r
                """
            ),
            [.optional(chain), .optional(status), .integer(Int64(limit))]
        )
    }

    /// The visits of a run that have ended, in order.
    ///
    /// - Returns: Rows of the view `agentctl.node_runs`, each with its `visit` as node#visit.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func nodeRuns(_ conversation: String, _ seq: Int64) async throws(StoreError) -> [JSONObject] {
        let visits = try await readable("node_runs")
        return try await database.objects(
            PostgresStatement(
                """
                SELECT row_to_json(r) AS row
                FROM (
                    SELECT n.node || '#' || n.visit AS visit, n.status, n.attempt, n.after, n.input, n.output, n.writes,
                           n.error_code, n.error_message, n.copied_from, n.started_at, n.duration_ms
                    FROM \(visits) AS n
                    WHERE n.conversation_id = agentctl.conversation_id($1) AND n.seq = $2 ORDER BY n.number
                ) AS r
                """
            ),
            [.text(conversation), .integer(seq)]
        )
    }

    /// The state of a run, now or as a visit of a node saw it.
    ///
    /// - Throws: ``StoreError/Code/notFound`` for no such run or visit.
    package func chainState(
        _ conversation: String,
        _ seq: Int64,
        node: String?,
        visit: Int?
    ) async throws(StoreError) -> JSONValue {
        let rows = try await database.onShared(
            "SELECT agentctl.chain_state($1, $2, $3, $4::integer) AS state",
            [.text(conversation), .integer(seq), .optional(node), .optional(visit.map { Int64($0) })]
        )
        return try rows.scalar("state")
    }

    /// A drawing of a chain.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - version: The version; nil for the one in force.
    ///   - form: In what form.
    /// - Throws: ``StoreError/Code/notFound`` when there is none.
    package func chainDrawing(_ name: String, version: Int?, as form: ChainForm) async throws(StoreError) -> String {
        let statement: PostgresStatement =
            switch form {
            case .text: "SELECT agentctl.chain_text($1, $2::integer) AS drawing"
            case .mermaid: "SELECT agentctl.chain_mermaid($1, $2::integer) AS drawing"
            case .dot: "SELECT agentctl.chain_dot($1, $2::integer) AS drawing"
            }
        let parameters: [PostgresValue] = [.text(name), .optional(version.map { Int64($0) })]
        return try await database.onLeased(statement, parameters).scalar("drawing")
    }

    /// What a drawing of a chain needs.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - version: The version; nil for the one in force.
    /// - Returns: `name`, `kind`, `strategy`, `nodes` and `edges`, as the function `agentctl.chain_graph` has them.
    /// - Throws: ``StoreError/Code/notFound`` when there is none.
    package func chainGraph(_ name: String, version: Int?) async throws(StoreError) -> JSONObject {
        try await database.objects(
            "SELECT agentctl.chain_graph($1, $2::integer) AS row",
            [.text(name), .optional(version.map { Int64($0) })]
        ).first ?? [:]
    }

    /// Drawings for a terminal of chains that need not be stored.
    ///
    /// - Parameter documents: Valid documents of the kind chain.
    /// - Returns: One drawing a document, in their order.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func chainTexts(of documents: [JSONValue]) async throws(StoreError) -> [String] {
        try await database.onLeased(
            """
            SELECT agentctl.chain_text(agentctl.complete_document(d.value)) AS drawing
            FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS d ORDER BY d.ordinality
            """,
            [.json(JSONText(.array(documents)))]
        ).decoded { row throws(PostgresError) in try row.decode("drawing") }
    }
}
