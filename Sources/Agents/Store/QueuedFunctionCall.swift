internal import JSON
internal import Postgres

internal import struct FoundationEssentials.UUID

/// A call that a statement queued and that this worker holds the lease of.
struct QueuedFunctionCall: Sendable {
    /// The call's number.
    let id: Int64
    /// The lease: whoever finishes the call must show it.
    let lease: UUID
    /// Which claim of the call it is, from 1.
    let attempt: Int
    /// The function's name.
    let function: String
    /// The version in force at the claim; nil when the function was taken out of force.
    let versionID: Int64?
    /// The arguments; nil when they cannot be read.
    let arguments: JSONValue?

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.decode("call")
        lease = try row.decode("lease")
        attempt = try row.decode("attempt")
        function = try row.decode("function")
        versionID = try row.decode("version_id")
        // One call that cannot be read must not cost those that were claimed with it.
        let text: JSONText? = try? row.decode("arguments")
        arguments = text.flatMap {
            try? JSONValue(parsing: $0.string, options: JSONParserOptions(refusesLargeIntegers: true))
        }
    }
}
