internal import JSON
internal import Postgres

extension ConversationStore {
    /// Queues a task.
    ///
    /// - Returns: Its number.
    /// - Throws: ``StoreError/Code/invalid`` for what is out of range, ``StoreError/Code/notFound`` when there is no such
    ///   agent, or none with the capabilities, ``StoreError/Code/refused`` when it is too large.
    package func submit(_ task: TaskSubmission) async throws(StoreError) -> Int64 {
        var budget: JSONObject = [:]
        budget["tokens"] = task.tokens.map { .integer(Int64($0)) }
        budget["cost_usd"] = task.cost.map { .number($0) }
        let rows = try await database.onLeased(
            """
            SELECT agentctl.submit_task($1, $2::text[], $3::jsonb, $4, coalesce($5::integer, 10),
                clock_timestamp() + make_interval(secs => $6::double precision), $7::jsonb,
                coalesce($8::integer, 2), $9::bigint[], $10) AS task
            """,
            [
                .text(task.description), .textArray(task.capabilities), .optional(task.input.map { JSONText($0) }),
                .optional(task.agent), .optional(task.priority.map { Int64($0) }),
                .optional(task.timeLimit.map { $0 / .seconds(1) }),
                .optional(budget.isEmpty ? nil : JSONText(.object(budget))),
                .optional(task.attempts.map { Int64($0) }), .integerArray(task.dependencies),
                .optional(task.queue),
            ]
        )
        return try rows.scalar("task")
    }

    /// Cancels a task, and all below it.
    ///
    /// - Returns: Whether it has ended at once, as it had not begun; else it ends a moment later.
    /// - Throws: ``StoreError/Code/refused`` when it has ended, ``StoreError/Code/notFound`` when there is none.
    package func cancelTask(_ task: Int64) async throws(StoreError) -> Bool {
        try await database.onLeased("SELECT agentctl.cancel_task($1) AS ended", [.integer(task)]).scalar("ended")
    }

    /// Tries a dead or cancelled task again.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - agent: Who is to do it; nil for the next that has the capabilities.
    /// - Returns: The number of the attempt.
    /// - Throws: ``StoreError/Code/refused`` when it is neither, ``StoreError/Code/notFound`` when there is no such task
    ///   or agent.
    package func retryTask(_ task: Int64, agent: String?) async throws(StoreError) -> Int64 {
        try await database.onLeased(
            "SELECT agentctl.retry_task($1, $2)::bigint AS attempt",
            [.integer(task), .optional(agent)]
        ).scalar("attempt")
    }

    /// The reply of the agent that did a task; nil while there is none.
    ///
    /// - Throws: ``StoreError`` when the task was not done, or there is none.
    package func taskResult(_ task: Int64) async throws(StoreError) -> String? {
        try await database.onShared("SELECT agentctl.task_result($1) AS result", [.integer(task)]).scalar("result")
    }
}
