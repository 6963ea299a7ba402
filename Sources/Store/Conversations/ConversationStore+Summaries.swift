package import Conversation
internal import JSON
internal import Postgres

extension ConversationStore {
    private static let summary: PostgresStatement = """
        SELECT turn, status, agent, agent_version, limit_reached, error_code, error_message, input_tokens,
               cached_input_tokens, output_tokens, cost_usd, duration_ms, model_calls, tool_calls, reply
        FROM agentctl.turn_summary($1, $2)
        """

    /// How a turn ended, or what it waits for.
    ///
    /// - Parameters:
    ///   - conversation: The conversation's id.
    ///   - seq: The submission.
    /// - Returns: The summary; nil while the turn or its tasks run. A message that another turn took up has the summary of
    ///   that turn. Where the conversation waits at this turn or an earlier one, the summary of that turn has the status
    ///   waiting.
    /// - Throws: ``StoreError`` when the database cannot be asked.
    package func summary(conversation: String, seq: Int64) async throws(StoreError) -> TurnSummary? {
        let rows = try await database.onShared(
            Self.summary,
            [.text(conversation), .integer(seq)]
        )
        return try rows.decoded { row throws(PostgresError) in
            let status = TurnRecord.Status(rawValue: try row.decode("status", as: String.self)) ?? .failed
            return TurnSummary(
                conversation: conversation,
                seq: try row.decode("turn"),
                status: status,
                agent: try row.decode("agent"),
                agentVersion: try row.decode("agent_version"),
                reply: status == .succeeded ? try row.decode("reply", as: String?.self) ?? "" : nil,
                limitReached: try row.decode("limit_reached"),
                errorCode: try row.decode("error_code"),
                errorMessage: try row.decode("error_message"),
                usage: TokenUsage(
                    input: try row.decode("input_tokens"),
                    cachedInput: try row.decode("cached_input_tokens"),
                    output: try row.decode("output_tokens")
                ),
                cost: try row.decode("cost_usd"),
                duration: Duration(boundedSeconds: try row.decode("duration_ms", as: Double.self) / 1_000),
                modelCalls: try row.decode("model_calls"),
                toolCalls: try row.decode("tool_calls")
            )
        }.first
    }
}
