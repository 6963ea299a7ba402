package import Conversation
internal import Postgres

extension WorkStore {
    /// What a turn that runs shows of blocks, and what it was shown of them before.
    ///
    /// What it shows is stored, unless it is stored already: another attempt shows the same.
    ///
    /// - Parameters:
    ///   - labels: The blocks' names.
    ///   - claim: The turn's claim.
    ///   - first: The number of the first message that the model is shown; nil if it is the turn's.
    ///   - isRehearsal: Whether nothing is stored.
    ///   - timeout: How long the statement may take; nil for no limit.
    /// - Returns: What was shown, oldest first, and then what the turn shows.
    /// - Throws: ``StoreError``; calling again is safe.
    package func blocks(
        _ labels: [String],
        of claim: ClaimedSubmission,
        from first: Int64?,
        isRehearsal: Bool = false,
        timeout: Duration? = nil
    ) async throws(StoreError) -> [ShownBlock] {
        let rows = try await database.onLeased(
            """
            SELECT message, is_edit, label, version, value, description, character_limit, is_read_only
            FROM agentctl.show_blocks($1, $2, $3, $4::text[], $5, $6)
            """,
            [
                .text(claim.conversation), .integer(claim.seq), .uuid(claim.lease), .textArray(labels),
                .integer(first ?? .max), .bool(isRehearsal),
            ],
            timeout: timeout
        )
        return try rows.decoded { row throws(PostgresError) in
            ShownBlock(
                message: try row.decode("message"),
                isEdit: try row.decode("is_edit"),
                block: BlockVersion(
                    label: try row.decode("label"),
                    version: try row.decode("version"),
                    value: try row.decode("value"),
                    description: try row.decode("description"),
                    limit: try row.decode("character_limit"),
                    isReadOnly: try row.decode("is_read_only")
                )
            )
        }
    }
}
