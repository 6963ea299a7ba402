package import JSON
internal import Postgres

extension Reports {
    /// Plans, the latest first.
    ///
    /// - Parameters:
    ///   - id: The only one that is meant; nil for all.
    ///   - state: Only those in a state.
    ///   - limit: How many at most.
    /// - Returns: Rows of the view `agentctl.plans`, each with its turn (`CONVERSATION/SEQ`).
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func planReport(
        id: Int64? = nil,
        state: String? = nil,
        limit: Int = 1
    ) async throws(StoreError) -> [JSONObject] {
        let plans = try await readable("plans")
        return try await database.objects(
            PostgresStatement(
                """
                SELECT row_to_json(r) AS row
                FROM (
                    SELECT p.*, p.conversation_id || '/' || p.seq AS turn FROM \(plans) AS p
                    WHERE ($1::bigint IS NULL OR p.id = $1) AND ($2::text IS NULL OR p.state = $2)
                    ORDER BY p.id DESC LIMIT $3
                ) AS r
                """
            ),
            [.optional(id), .optional(state), .integer(Int64(limit))]
        )
    }

    /// The steps of a plan, by number.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func planSteps(_ plan: Int64) async throws(StoreError) -> [JSONObject] {
        let steps = try await readable("plan_steps")
        return try await database.objects(
            PostgresStatement(
                "SELECT to_jsonb(s) - 'plan_id' AS row FROM \(steps) AS s WHERE s.plan_id = $1 ORDER BY s.number"
            ),
            [.integer(plan)]
        )
    }

    /// The templates of plans in force, by name.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func planTemplates() async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            "SELECT to_jsonb(t) AS row FROM agentctl.plan_templates AS t ORDER BY t.name"
        )
    }

    /// What a planning agent has to know: the tools, functions, agents and capabilities that an agent's plans may use.
    ///
    /// - Returns: `{tools, functions, agents, capabilities}`; nil when there is no such agent.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func planMeans(of agent: String) async throws(StoreError) -> JSONObject? {
        try await database.objects(
            """
            SELECT jsonb_build_object(
                'tools', (SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', t.name, 'description',
                    t.description, 'input_schema', t.input_schema)) ORDER BY t.name), '[]')
                    FROM agentctl.tools AS t WHERE t.name = ANY (a.tools) AND t.implementation <> 'update_plan'),
                'functions', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', f.name, 'description',
                    f.description, 'input_schema', f.input_schema) ORDER BY f.name), '[]')
                    FROM agentctl.functions AS f WHERE f.name = ANY (a.functions)),
                'agents', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', o.name, 'description', o.description)
                    ORDER BY o.name), '[]') FROM agentctl.agents AS o WHERE o.name = ANY (a.delegates)),
                'capabilities', to_jsonb(a.delegate_capabilities)) AS row
            FROM agentctl.agents AS a WHERE a.name = $1
            """,
            [.text(agent)]
        ).first
    }

    /// The agent that plans what no template fits; nil when there is none.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func planningAgent() async throws(StoreError) -> String? {
        let name: String? = try await database.onShared(
            "SELECT nullif(agentctl.setting('planning_agent'), '') AS name"
        ).scalar("name")
        return name
    }
}
