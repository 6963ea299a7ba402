internal import Conversation
package import JSON
internal import Postgres

extension ConversationStore {
    /// Deletes a conversation with everything that belongs to it, and the conversations of its tasks.
    ///
    /// - Parameter conversation: The conversation's id, which is free again then.
    /// - Returns: How many rows of each kind were deleted, such as `{"messages": 4}`.
    /// - Throws: ``StoreError/Code/refused`` while one of its turns is running, and for the conversation of a task that a
    ///   turn delegated; ``StoreError/Code/notFound`` when the user has no such conversation.
    package func delete(_ conversation: String) async throws(StoreError) -> JSONObject {
        let rows = try await database.onLeased(
            "SELECT agentctl.delete_conversation($1) AS deleted",
            [.text(conversation)]
        )
        let deleted: JSONValue = try rows.scalar("deleted")
        return deleted.objectValue ?? [:]
    }

    /// Deletes all that a user began.
    ///
    /// - Parameters:
    ///   - user: The account's name.
    ///   - isRehearsal: Whether nothing is deleted.
    /// - Returns: How many rows of each kind were deleted, such as `{"messages": 4}`; `names` is how many rows of others lost
    ///   the name.
    /// - Throws: ``StoreError/Code/refused`` while one of the turns or calls is running; ``StoreError/Code/notFound`` when
    ///   there is no such account; ``StoreError/Code/notPermitted`` unless the caller is an owner.
    package func deleteUser(_ user: String, isRehearsal: Bool) async throws(StoreError) -> JSONObject {
        let rows = try await database.onLeased(
            "SELECT agentctl.delete_user($1, $2) AS deleted",
            [.text(user), .bool(isRehearsal)]
        )
        let deleted: JSONValue = try rows.scalar("deleted")
        return deleted.objectValue ?? [:]
    }

    /// Deletes all of a user of an application.
    ///
    /// - Parameters:
    ///   - user: The user, as submissions named it.
    ///   - account: The database user of the application; nil for the caller.
    ///   - isRehearsal: Whether nothing is deleted.
    /// - Returns: How many rows of each kind were deleted.
    /// - Throws: ``StoreError/Code/refused`` while one of the turns is running; ``StoreError/Code/notFound`` when there is
    ///   no such user; ``StoreError/Code/notPermitted`` unless the caller is an owner.
    package func eraseUser(
        _ user: String,
        of account: String?,
        isRehearsal: Bool
    ) async throws(StoreError) -> JSONObject {
        let rows = try await database.onLeased(
            "SELECT agentctl.erase_user($1, $2, $3) AS deleted",
            [.text(user), .optional(account), .bool(isRehearsal)]
        )
        let deleted: JSONValue = try rows.scalar("deleted")
        return deleted.objectValue ?? [:]
    }

    /// All of a user of an application as one document.
    package func exportUser(_ user: String, of account: String?) async throws(StoreError) -> JSONValue {
        try await database.onLeased(
            "SELECT agentctl.export_user($1, $2) AS document",
            [.text(user), .optional(account)]
        ).scalar("document")
    }

    /// Drops partitions, and deletes rows, that are older than a time and belong to no conversation.
    ///
    /// - Parameters:
    ///   - age: How old; above zero.
    ///   - maximum: How many partitions at most; nil for all. Few are locked for a shorter time.
    ///   - isRehearsal: Whether nothing is deleted.
    /// - Returns: What was pruned.
    /// - Throws: ``StoreError/Code/notPermitted`` unless the user is an owner, ``StoreError`` otherwise.
    package func pruneRecords(
        olderThan age: Duration,
        maximum: Int?,
        isRehearsal: Bool
    ) async throws(StoreError) -> PruneReport {
        let rows = try await database.onLeased(
            "SELECT agentctl.prune_records(make_interval(secs => $1), $2::integer, $3) AS pruned",
            [.double(age.milliseconds / 1_000), .optional(maximum.map { Int64($0) }), .bool(isRehearsal)]
        )
        return PruneReport(try rows.scalar("pruned"))
    }

    /// Deletes those of the next conversations that nobody has used for some time.
    ///
    /// - Parameters:
    ///   - age: For how long; above zero.
    ///   - id: The last conversation that was inspected; empty for none.
    ///   - isRehearsal: Whether nothing is deleted.
    /// - Returns: What was pruned, and the last conversation that was inspected; nil at the end.
    /// - Throws: ``StoreError/Code/notPermitted`` unless the user is an owner, ``StoreError`` otherwise.
    package func pruneConversations(
        olderThan age: Duration,
        after id: String,
        isRehearsal: Bool
    ) async throws(StoreError) -> (report: PruneReport, next: String?) {
        let rows = try await database.onLeased(
            "SELECT agentctl.prune_conversations(make_interval(secs => $1), $2, dry_run => $3) AS pruned",
            [.double(age.milliseconds / 1_000), .text(id), .bool(isRehearsal)]
        )
        let pruned: JSONValue = try rows.scalar("pruned")
        return (PruneReport(pruned), pruned["next"]?.stringValue)
    }
}

/// What was pruned, or would be.
package struct PruneReport: Sendable, Hashable {
    /// The partitions that were dropped.
    package private(set) var dropped: [String] = []
    /// The partitions that could not be dropped, as another session reads them.
    package private(set) var kept: [String] = []
    /// How many rows of each kind were deleted.
    package private(set) var deleted: [String: Int64] = [:]

    /// Nothing.
    package init() {}

    init(_ value: JSONValue) {
        dropped = value["dropped"]?.arrayValue?.compactMap(\.stringValue) ?? []
        kept = value["kept"]?.arrayValue?.compactMap(\.stringValue) ?? []
        let rows = value["deleted"]?.objectValue ?? [:]
        for kind in rows.keys { deleted[kind] = rows[kind]?.integerValue ?? 0 }
    }

    /// Adds what another step pruned.
    package mutating func add(_ other: PruneReport) {
        dropped += other.dropped
        kept += other.kept.filter { !kept.contains($0) }
        deleted.merge(other.deleted, uniquingKeysWith: +)
    }
}
