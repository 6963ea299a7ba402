package import Conversation
import Definitions
internal import JSON
internal import Postgres

extension Store {
    /// Queues having the oldest turns of a conversation summarized.
    ///
    /// - Returns: The operation's number within the conversation.
    /// - Throws: As ``undo(_:of:)``.
    package func compact(_ conversation: String) async throws(StoreError) -> Int64 {
        try scalar(try await query("SELECT agentctl.compact($1) AS seq", [.text(conversation)]), "seq")
    }

    /// Queues taking the last compaction back.
    ///
    /// - Returns: The operation's number within the conversation.
    /// - Throws: As ``undo(_:of:)``.
    package func undoCompaction(of conversation: String) async throws(StoreError) -> Int64 {
        try scalar(try await query("SELECT agentctl.undo_compaction($1) AS seq", [.text(conversation)]), "seq")
    }

    /// What can be summarized of a conversation that is held.
    ///
    /// - Returns: Whole turns, without the last two; nil when there are no others.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func compactionSource(of claim: ClaimedSubmission) async throws(StoreError) -> CompactionSource? {
        let rows = try await query(
            "SELECT agentctl.compaction_source($1, $2) AS source",
            [.text(claim.conversation), .integer(claim.seq)]
        )
        let source: JSONValue = try scalar(rows, "source")
        return CompactionSource(stored: source)
    }

    /// Stores what came of a compaction.
    ///
    /// - Parameters:
    ///   - outcome: What came of it.
    ///   - claim: The claim that it was made under.
    ///   - ends: Whether the submission ends with it.
    /// - Returns: Whether the lease still held; if not, nothing was written.
    /// - Throws: ``StoreError``; ``StoreError/Code/unavailable`` when the conversation's row is locked: call again.
    package func store(_ outcome: CompactionOutcome, of claim: ClaimedSubmission, ends: Bool) async throws(StoreError)
        -> Bool
    {
        let rows = try await query(
            "SELECT agentctl.store_compaction($1, $2, $3, $4::jsonb, $5) AS stored",
            [
                .text(claim.conversation), .integer(claim.seq), .uuid(claim.lease), .json(JSONText(outcome.json)),
                .bool(ends),
            ]
        )
        return try scalar(rows, "stored")
    }

    /// Earlier messages of a conversation that hold some words.
    ///
    /// - Parameters:
    ///   - query: The words.
    ///   - conversation: The conversation's id.
    ///   - seq: The turn before which they were written.
    ///   - maximum: How many at most, 1 to 100.
    /// - Returns: The messages with the best match first.
    /// - Throws: ``StoreError/Code/notFound`` when the user has no such conversation.
    package func recall(
        _ query: String,
        of conversation: String,
        before seq: Int64,
        maximum: Int
    ) async throws(StoreError) -> [RecalledMessage] {
        let rows = try await read(
            "SELECT number, seq, role, excerpt FROM agentctl.recall($1, $2, $3, $4::integer)",
            [
                .text(conversation), .text(query.withoutNullCharacters), .integer(seq), .integer(Int64(maximum)),
            ]
        )
        return try decode(rows) { row throws(PostgresError) in
            RecalledMessage(
                number: try row.decode("number"),
                seq: try row.decode("seq"),
                role: try row.decode("role"),
                excerpt: try row.decode("excerpt")
            )
        }
    }
}

/// A message that was found again.
package struct RecalledMessage: Sendable, Hashable {
    /// Its number within the conversation.
    package let number: Int64
    /// The turn that wrote it.
    package let seq: Int64
    /// Who said it.
    package let role: String
    /// The part of it that holds what was looked for.
    package let excerpt: String
}
