import Definitions
internal import Postgres

package import struct FoundationEssentials.Date

extension Store {
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

    /// The time in a zone.
    ///
    /// - Parameters:
    ///   - zone: The zone's name; case does not matter, and a space counts as `_`.
    ///   - date: The moment; nil for now, by the clock of the database.
    /// - Returns: The time; nil when there is no such zone.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func time(in zone: String, at date: Date? = nil) async throws(StoreError) -> ZonedTime? {
        let rows = try await read(
            """
            SELECT t.name, t.iso, t.shown, floor(extract(epoch FROM moment.at))::bigint AS seconds
            FROM (SELECT coalesce(to_timestamp($2::double precision), now()) AS at) AS moment,
                agentctl.time_in($1, moment.at) AS t
            """,
            [.text(zone.withoutNullCharacters), date.map { .double($0.timeIntervalSince1970) } ?? .null]
        )
        return try decode(rows) { row throws(PostgresError) in
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
        try scalar(
            try await read("SELECT agentctl.nearest_time_zones($1) AS names", [.text(zone.withoutNullCharacters)]),
            "names"
        )
    }
}
