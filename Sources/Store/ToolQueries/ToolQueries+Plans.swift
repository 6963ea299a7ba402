internal import Definitions
package import JSON
package import Postgres

extension ToolQueries {
    /// Changes the plan of a turn that runs, and makes one for a turn that has none.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - seq: The turn.
    ///   - steps: The steps that are new or have changed.
    ///   - reason: Why steps were added.
    ///   - connection: The connection of the transaction that holds the conversation.
    /// - Returns: `{plan, revision, state, steps, completed}`.
    /// - Throws: ``StoreError/Code/invalid`` for steps that cannot be.
    package static func updatePlan(
        of conversation: String,
        _ seq: Int64,
        steps: JSONValue,
        reason: String?,
        within connection: PostgresConnection
    ) async throws(StoreError) -> JSONValue {
        do throws(PostgresError) {
            let rows = try await connection.query(
                "SELECT agentctl.update_plan($1, $2, $3::jsonb, $4) AS plan",
                [
                    .text(conversation), .integer(seq), .json(JSONText(UnstorableText.replaced(in: steps))),
                    .optional(reason),
                ]
            )
            return try rows.first?.decode("plan", as: JSONValue.self) ?? .null
        } catch {
            throw StoreError(error)
        }
    }
}
