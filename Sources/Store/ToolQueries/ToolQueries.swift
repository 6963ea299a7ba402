import Definitions
internal import Postgres

package import struct FoundationEssentials.Date

/// What tools ask of the database: statements that models and authors write, earlier messages, the time in a zone.
package struct ToolQueries: Sendable {
    let database: Database

    /// The account that began a conversation.
    ///
    /// - Throws: ``StoreError`` when there is no such conversation.
    package func user(of conversation: String) async throws(StoreError) -> String {
        try await database.onShared(
            "SELECT v.created_by AS account FROM agentctl.conversation AS v WHERE v.id = $1",
            [.text(conversation)]
        ).scalar("account")
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
        let rows = try await database.onShared(
            "SELECT number, seq, role, excerpt FROM agentctl.recall($1, $2, $3, $4::integer)",
            [
                .text(conversation), .text(query.withoutNullCharacters), .integer(seq), .integer(Int64(maximum)),
            ]
        )
        return try rows.decoded { row throws(PostgresError) in
            RecalledMessage(
                number: try row.decode("number"),
                seq: try row.decode("seq"),
                role: try row.decode("role"),
                excerpt: try row.decode("excerpt")
            )
        }
    }

    /// The time in a zone.
    ///
    /// - Parameters:
    ///   - zone: The zone's name; case does not matter, and a space counts as `_`.
    ///   - date: The moment; nil for now, by the clock of the database.
    /// - Returns: The time; nil when there is no such zone.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func time(in zone: String, at date: Date? = nil) async throws(StoreError) -> ZonedTime? {
        let rows = try await database.onShared(
            """
            SELECT t.name, t.iso, t.shown, floor(extract(epoch FROM moment.at))::bigint AS seconds
            FROM (SELECT coalesce(to_timestamp($2::double precision), now()) AS at) AS moment,
                agentctl.time_in($1, moment.at) AS t
            """,
            [.text(zone.withoutNullCharacters), date.map { .double($0.timeIntervalSince1970) } ?? .null]
        )
        return try rows.decoded { row throws(PostgresError) in
            ZonedTime(
                zone: try row.decode("name"),
                iso8601: try row.decode("iso"),
                shown: try row.decode("shown"),
                seconds: try row.decode("seconds")
            )
        }.first
    }

    /// The names of zones that a mistyped one may stand for, nearest first, at most three.
    ///
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func timeZones(nearestTo zone: String) async throws(StoreError) -> [String] {
        try await database.onShared(
            "SELECT agentctl.nearest_time_zones($1) AS names",
            [.text(zone.withoutNullCharacters)]
        ).scalar("names")
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

/// A moment by the clocks of a time zone.
package struct ZonedTime: Sendable, Hashable {
    /// The zone's name, as the database writes it.
    package let zone: String
    /// The time in ISO 8601.
    package let iso8601: String
    /// The same for people: `Monday, 27 July 2026, 14:03:05 CEST, Europe/Berlin`.
    package let shown: String
    /// Seconds since 1970 in UTC.
    package let seconds: Int64
}
