package import JSON
internal import Postgres

extension Reports {
    /// Memories, the latest first.
    ///
    /// - Parameters:
    ///   - id: Only this one; nil for all.
    ///   - scope: Only those of exactly these; what is nil leaves a condition out.
    ///   - collection: Only those of a collection; nil for all.
    ///   - filter: What their metadata has to hold; nil for anything.
    ///   - before: Only those with smaller ids; nil for all.
    ///   - limit: How many at most.
    /// - Returns: Rows of the view `agentctl.memories`, of what the user may read.
    package func memoryReport(
        id: Int64? = nil,
        of scope: MemoryScope = MemoryScope(),
        collection: String? = nil,
        filter: JSONObject? = nil,
        before: Int64? = nil,
        limit: Int
    ) async throws(StoreError) -> [JSONObject] {
        let memories = try await readable("memories")
        return try await database.objects(
            PostgresStatement(
                """
                SELECT row_to_json(r) AS row
                FROM (
                    SELECT m.* FROM \(memories) AS m
                    WHERE ($1::bigint IS NULL OR m.id = $1) AND ($2::text IS NULL OR m.collection = $2)
                      AND ($3::text IS NULL OR m.agent = $3) AND ($4::text IS NULL OR m.user_id = $4)
                      AND ($5::text IS NULL OR m.account = $5)
                      AND ($6::text IS NULL OR agentctl.conversation_id($6) IN (m.conversation_id, m.source_conversation))
                      AND ($7::jsonb IS NULL OR m.metadata @> $7) AND ($8::bigint IS NULL OR m.id < $8)
                    ORDER BY m.id DESC LIMIT $9
                ) AS r
                """
            ),
            [
                .optional(id), .optional(collection), .optional(scope.agent), .optional(scope.user),
                .optional(scope.account), .optional(scope.conversation),
                .optional(filter.map { JSONText(.object($0)) }), .optional(before), .integer(Int64(limit)),
            ]
        )
    }

    /// All versions of a memory, the first one first.
    package func memoryVersions(of id: Int64) async throws(StoreError) -> [JSONObject] {
        let versions = try await readable("memory_versions")
        return try await database.objects(
            PostgresStatement(
                """
                SELECT row_to_json(r) AS row
                FROM (SELECT v.* FROM \(versions) AS v WHERE v.memory_id = $1 ORDER BY v.version) AS r
                """
            ),
            [.integer(id)]
        )
    }

    /// How much is remembered and used: rows of `agentctl.memory_metrics`, for readers.
    package func memoryMetrics() async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (SELECT m.* FROM agentctl.memory_metrics AS m ORDER BY m.collection) AS r
            """
        )
    }
}
