package import JSON
internal import Postgres

extension Reports {
    /// Which tasks of a report are meant; nil leaves a condition out.
    package struct TaskFilter: Sendable {
        package var id: Int64?
        package var state: String?
        package var agent: String?
        /// The conversation of the turn at the top of their tree.
        package var root: String?
        /// The submission of that turn; nil for all of the conversation.
        package var rootSeq: Int64?

        package init(
            id: Int64? = nil,
            state: String? = nil,
            agent: String? = nil,
            root: String? = nil,
            rootSeq: Int64? = nil
        ) {
            (self.id, self.state, self.agent, self.root, self.rootSeq) = (id, state, agent, root, rootSeq)
        }
    }

    /// Tasks, the latest first.
    ///
    /// - Parameters:
    ///   - filter: Which.
    ///   - limit: How many at most.
    /// - Returns: Rows of the view `agentctl.tasks`, each with its turn (`CONVERSATION/SEQ`) and that of its parent.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func taskReport(_ filter: TaskFilter, limit: Int) async throws(StoreError) -> [JSONObject] {
        let tasks = try await readable("tasks")
        return try await database.objects(
            PostgresStatement(
                """
                SELECT row_to_json(r) AS row
                FROM (
                    SELECT t.*, t.conversation_id || '/' || t.seq AS turn,
                           t.parent_conversation_id || '/' || t.parent_seq AS parent
                    FROM \(tasks) AS t
                    WHERE ($1::bigint IS NULL OR t.id = $1) AND ($2::text IS NULL OR t.state = $2)
                      AND ($3::text IS NULL OR t.agent = $3)
                      AND ($4::text IS NULL OR t.root_conversation_id = $4 AND ($5::bigint IS NULL OR t.root_seq = $5))
                    ORDER BY t.id DESC LIMIT $6
                ) AS r
                """
            ),
            [
                .optional(filter.id), .optional(filter.state), .optional(filter.agent), .optional(filter.root),
                .optional(filter.rootSeq), .integer(Int64(limit)),
            ]
        )
    }
}
