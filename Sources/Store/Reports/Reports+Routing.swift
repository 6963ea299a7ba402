package import Conversation
package import JSON
internal import Postgres

extension Reports {
    /// Which agent a message or an input would go to that names none, and why.
    ///
    /// - Parameters:
    ///   - content: What would be sent.
    ///   - capabilities: What the agent has to have; all of them.
    /// - Returns: `agent`, `is_default`, `score` and `threshold` (0 to 1), `epoch`, and
    ///   the best `candidates`, at most five, each with `agent`, `score`, `words` (the part of each), `success_rate`,
    ///   `turns` and `open`.
    /// - Throws: ``StoreError/Code/notFound`` when there is no such agent; its message names what is missing.
    package func routeReport(
        _ content: SubmissionContent,
        capabilities: [String]
    ) async throws(StoreError) -> JSONObject {
        let (message, input): (String?, JSONText?) =
            switch content {
            case .message(let text): (text, nil)
            case .input(let value): (nil, JSONText(value))
            }
        return try await database.objects(
            """
            SELECT row_to_json(r) AS row
            FROM (
                SELECT d.agent, d.is_default, d.score, d.threshold, d.epoch, d.candidates
                FROM agentctl.choose_agent($1, $2::text[], $3::jsonb) AS d
            ) AS r
            """,
            [.optional(message), .textArray(capabilities), .optional(input)]
        ).first ?? [:]
    }
}
