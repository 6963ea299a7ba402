import Conversation
import JSON
package import Postgres

extension QueuedFunctionCall {
    /// Reads a row of `agentctl.claim_function_calls`.
    package init(_ row: PostgresRow) throws(PostgresError) {
        // One call that cannot be read must not cost those that were claimed with it.
        let text: JSONText? = try? row.decode("arguments")
        self.init(
            id: try row.decode("call"),
            lease: try row.decode("lease"),
            attempt: try row.decode("attempt"),
            function: try row.decode("function"),
            versionID: try row.decode("version_id"),
            arguments: text.flatMap {
                try? JSONValue(parsing: $0.string, options: JSONParserOptions(refusesLargeIntegers: true))
            }
        )
    }
}
