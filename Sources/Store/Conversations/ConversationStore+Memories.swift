internal import Conversation
package import JSON
internal import Postgres

extension ConversationStore {
    /// Stores a memory.
    ///
    /// - Returns: Its id; that of an earlier one with the same content or key.
    /// - Throws: ``StoreError/Code/invalid`` for what no memory can be; ``StoreError/Code/refused`` where the
    ///   conversation has no user; ``StoreError/Code/notPermitted`` for scopes that are not the caller's.
    package func remember(_ memory: NewMemory) async throws(StoreError) -> Int64 {
        let rows = try await database.onLeased(
            """
            SELECT agentctl.remember($1, conversation => $2, "for" => $3, metadata => $4::jsonb, key => $5,
                importance => $6, expires_at => clock_timestamp() + make_interval(secs => $7), replaces => $8,
                collection => $9, agent => $10, user_id => $11, account => $12) AS id
            """,
            [
                .text(memory.content), .optional(memory.scope.conversation), .optional(memory.scope.audience),
                .optional(JSONText(.object(memory.metadata))), .optional(memory.key), .double(memory.importance),
                .optional(memory.expiresIn.map { $0.milliseconds / 1_000 }), .optional(memory.replaces),
                .text(memory.scope.collection), .optional(memory.scope.agent), .optional(memory.scope.user),
                .optional(memory.scope.account),
            ]
        )
        return try rows.scalar("id")
    }

    /// The memories that answer a query best.
    ///
    /// - Parameters:
    ///   - query: Words, or a question.
    ///   - scope: Who asks.
    ///   - maximum: How many at most, 1 to 100.
    ///   - filter: What their metadata has to hold; nil for anything.
    ///   - relevance: The least relevance, from 0 to 1.
    /// - Returns: Rows of `agentctl.recall_memories()`, best first.
    package func recallMemories(
        _ query: String,
        as scope: MemoryScope,
        maximum: Int,
        filter: JSONObject?,
        relevance: Double
    ) async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row FROM agentctl.recall_memories($1, conversation => $2, k => $3::integer,
                filter => $4::jsonb, minimum_relevance => $5, collection => $6, agent => $7, user_id => $8,
                account => $9) AS r
            """,
            [
                .text(query), .optional(scope.conversation), .integer(Int64(maximum)),
                .optional(filter.map { JSONText(.object($0)) }), .double(relevance), .text(scope.collection),
                .optional(scope.agent), .optional(scope.user), .optional(scope.account),
            ]
        )
    }

    /// Deletes a memory with all that was made of it.
    ///
    /// - Returns: `{forgotten, conversation_id, seq}`: what was said stays in that turn of that conversation.
    /// - Throws: ``StoreError/Code/notFound`` when the caller has no such memory.
    package func forget(_ memory: Int64) async throws(StoreError) -> JSONObject {
        let rows = try await database.onLeased("SELECT agentctl.forget($1) AS forgotten", [.integer(memory)])
        let forgotten: JSONValue = try rows.scalar("forgotten")
        return forgotten.objectValue ?? [:]
    }

    /// Forgets all memories of a collection, or those of a scope.
    ///
    /// - Returns: How many.
    /// - Throws: ``StoreError/Code/notPermitted`` unless the caller is an owner.
    package func clearMemories(
        of scope: MemoryScope,
        filter: JSONObject?,
        isRehearsal: Bool
    ) async throws(StoreError) -> Int64 {
        let rows = try await database.onLeased(
            """
            SELECT agentctl.clear_memories($1, agent => $2, user_id => $3, account => $4, conversation => $5,
                filter => $6::jsonb, dry_run => $7) AS cleared
            """,
            [
                .text(scope.collection), .optional(scope.agent), .optional(scope.user), .optional(scope.account),
                .optional(scope.conversation), .optional(filter.map { JSONText(.object($0)) }), .bool(isRehearsal),
            ]
        )
        return try rows.scalar("cleared")
    }

    /// Stores memories as the view `agentctl.memories` has them, all or nothing.
    ///
    /// - Returns: `{imported, forgotten}`: what was forgotten here stays so.
    package func importMemories(_ memories: [JSONValue]) async throws(StoreError) -> JSONObject {
        let rows = try await database.onLeased(
            "SELECT agentctl.import_memories($1::jsonb) AS imported",
            [.optional(JSONText(.array(memories)))]
        )
        let imported: JSONValue = try rows.scalar("imported")
        return imported.objectValue ?? [:]
    }

    /// How well a labelled set is searched; nothing of it is kept.
    ///
    /// - Returns: What `agentctl.evaluate_memories()` returns.
    package func evaluateMemories(
        _ document: JSONValue,
        maximum: Int,
        relevance: Double
    ) async throws(StoreError) -> JSONObject {
        let rows = try await database.onLeased(
            "SELECT agentctl.evaluate_memories($1::jsonb, $2::integer, $3) AS result",
            [.optional(JSONText(document)), .integer(Int64(maximum)), .double(relevance)]
        )
        let result: JSONValue = try rows.scalar("result")
        return result.objectValue ?? [:]
    }

    /// Rewrites the tables of memories and blocks, so that nothing of what was forgotten is left in their files.
    ///
    /// Each is locked meanwhile. The write-ahead log and backups are not touched.
    ///
    /// - Returns: The tables that were rewritten.
    /// - Throws: ``StoreError/Code/notPermitted`` unless the caller owns them.
    package func purgeMemories() async throws(StoreError) -> [String] {
        let tables: [(String, PostgresStatement)] = [
            ("memory", "VACUUM (FULL) agentctl.memory"),
            ("memory_version", "VACUUM (FULL) agentctl.memory_version"),
            ("memory_vector", "VACUUM (FULL) agentctl.memory_vector"),
            ("memory_signature", "VACUUM (FULL) agentctl.memory_signature"),
            ("shown", "VACUUM (FULL) agentctl.shown"),
            ("memory_block", "VACUUM (FULL) agentctl.memory_block"),
            ("memory_block_version", "VACUUM (FULL) agentctl.memory_block_version"),
            ("memory_block_shown", "VACUUM (FULL) agentctl.memory_block_shown"),
        ]
        // Tables of others are skipped by VACUUM with no more than a warning.
        let isOwner: Bool = try await database.onShared(
            """
            SELECT pg_has_role(c.relowner, 'USAGE') AS owns FROM pg_class AS c
            WHERE c.relname = 'memory' AND c.relnamespace = to_regnamespace('agentctl')
            """
        ).scalar("owns")
        guard isOwner else {
            throw StoreError(.notPermitted, "only the owner of the tables can rewrite them")
        }
        for (_, statement) in tables { _ = try await database.onLeased(statement) }
        return tables.map(\.0)
    }
}
