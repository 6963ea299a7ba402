internal import Definitions
package import JSON
package import Postgres

/// What tools have to know of an agent's memory.
package struct ToolMemory: Sendable, Hashable {
    /// The collection that it reads and writes.
    package var collection: String
    /// Whether it is searched; else only earlier messages are.
    package var isSearched: Bool
    /// The tools whose outputs come from inside: those of others make untrusted what is remembered after them.
    package var inside: [String]
    /// Whether the turn has read from outside, as far as the database does not know it yet.
    package var isTainted: Bool

    /// Implementations whose outputs come from inside unless a tool's row says otherwise.
    package static let insideImplementations: Set<String> = [
        "calculator", "current_time", "forget", "memory_insert", "memory_replace", "memory_rethink", "recall",
        "remember", "update_plan",
    ]

    package init(
        collection: String = "default",
        isSearched: Bool = false,
        inside: [String] = [],
        isTainted: Bool = true
    ) {
        (self.collection, self.isSearched, self.inside) = (collection, isSearched, inside)
        self.isTainted = isTainted
    }
}

extension ToolQueries {
    /// Stores what an agent remembers in a turn.
    ///
    /// - Parameters:
    ///   - arguments: Those of the tool `remember`.
    ///   - conversation: The conversation's id.
    ///   - seq: The turn.
    ///   - agent: The agent.
    ///   - memory: Its memory.
    ///   - connection: The connection of the transaction that stores the call.
    /// - Returns: `{id, trust, similar}`; `id` is null for what was forgotten.
    /// - Throws: ``StoreError``, with what the model can do about it.
    package static func remember(
        _ arguments: JSONValue,
        in conversation: String,
        _ seq: Int64,
        by agent: String,
        _ memory: ToolMemory,
        within connection: PostgresConnection
    ) async throws(StoreError) -> JSONValue {
        do throws(PostgresError) {
            let rows = try await connection.query(
                """
                SELECT agentctl.remember_in_turn($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $12) AS stored
                """,
                [
                    .text(conversation), .integer(seq), .text(agent),
                    .text((arguments["content"]?.stringValue ?? "").withoutNullCharacters),
                    .text(arguments["for"]?.stringValue ?? "user"), .text(memory.collection),
                    .double(arguments["importance"]?.numberValue ?? 0.5),
                    .json(JSONText(UnstorableText.replaced(in: arguments["metadata"] ?? [:]))),
                    .optional(arguments["expires_in"]?.numberValue), .optional(arguments["replaces"]?.integerValue),
                    .textArray(memory.inside), .bool(memory.isTainted),
                ]
            )
            return try rows.first?.decode("stored", as: JSONValue.self) ?? .null
        } catch {
            throw StoreError(error)
        }
    }

    /// Forgets a memory that a conversation sees, for its agent.
    package static func forget(
        _ id: Int64,
        in conversation: String,
        by agent: String,
        _ memory: ToolMemory,
        within connection: PostgresConnection
    ) async throws(StoreError) -> JSONValue {
        do throws(PostgresError) {
            let rows = try await connection.query(
                "SELECT agentctl.forget_in_turn($1, $2, $3, $4, $5, $6) AS forgotten",
                [
                    .text(conversation), .text(agent), .text(memory.collection), .integer(id),
                    .textArray(memory.inside),
                    .bool(memory.isTainted),
                ]
            )
            return try rows.first?.decode("forgotten", as: JSONValue.self) ?? .null
        } catch {
            throw StoreError(error)
        }
    }

    /// What a conversation sees of what is remembered, best first; also what is untrusted.
    ///
    /// - Returns: Rows of `agentctl.recall_memories()`.
    package func recallMemories(
        _ query: String,
        of conversation: String,
        for agent: String,
        _ memory: ToolMemory,
        filter: JSONObject?,
        maximum: Int
    ) async throws(StoreError) -> [JSONObject] {
        try await database.onShared(
            """
            SELECT row_to_json(r) AS row FROM agentctl.recall_memories($1, $2, $3::integer, filter => $4::jsonb,
                minimum_relevance => 0.05, collection => $5, agent => $6) AS r
            """,
            [
                .text(query.withoutNullCharacters), .text(conversation), .integer(Int64(maximum)),
                .optional(filter.map { JSONText(.object($0)) }), .text(memory.collection), .text(agent),
            ]
        ).decoded { row throws(PostgresError) in
            let value: JSONValue = try row.decode("row")
            return value.objectValue ?? [:]
        }
    }
}
