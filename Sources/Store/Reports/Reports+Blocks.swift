package import JSON
internal import Postgres

extension Reports {
    /// What stands in blocks, by label.
    ///
    /// - Parameters:
    ///   - label: The only one that is meant; nil for all.
    ///   - conversation: The conversation whose block it is; nil for every other.
    ///   - user: The end user whose block it is; nil for every other.
    ///   - account: The database user whose end user it is; nil for the caller.
    /// - Returns: Rows of the view `agentctl.memory_blocks`.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func blockReport(
        label: String? = nil,
        conversation: String? = nil,
        user: String? = nil,
        account: String? = nil
    ) async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT to_jsonb(b) AS row FROM agentctl.memory_blocks AS b
            WHERE $1::text IS NULL
               OR b.label = $1 AND b.conversation_id IS NOT DISTINCT FROM $2::text AND b.user_id IS NOT DISTINCT FROM $3::text
               AND b.account IS NOT DISTINCT FROM CASE WHEN $3 IS NOT NULL THEN coalesce($4::text, agentctl.account_name()) END
            ORDER BY b.label, b.user_id NULLS FIRST, b.conversation_id NULLS FIRST
            """,
            [.optional(label), .optional(conversation), .optional(user), .optional(account)]
        )
    }

    /// What stood in a block, the latest version first.
    ///
    /// - Parameters:
    ///   - label: Its name.
    ///   - conversation: The conversation whose block it is; nil for every other.
    ///   - user: The end user whose block it is; nil for every other.
    ///   - account: The database user whose end user it is; nil for the caller.
    ///   - limit: How many versions at most.
    /// - Returns: Rows of the view `agentctl.memory_block_versions`.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func blockVersions(
        of label: String,
        conversation: String?,
        user: String?,
        account: String? = nil,
        limit: Int
    ) async throws(StoreError) -> [JSONObject] {
        try await database.objects(
            """
            SELECT to_jsonb(v) AS row FROM agentctl.memory_block_versions AS v
            WHERE v.label = $1 AND v.conversation_id IS NOT DISTINCT FROM $2::text
              AND v.user_id IS NOT DISTINCT FROM $3::text
              AND v.account IS NOT DISTINCT FROM CASE WHEN $3 IS NOT NULL THEN coalesce($4::text, agentctl.account_name()) END
            ORDER BY v.version DESC LIMIT $5
            """,
            [.text(label), .optional(conversation), .optional(user), .optional(account), .integer(Int64(limit))]
        )
    }
}
