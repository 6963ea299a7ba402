internal import Postgres

extension ConversationStore {
    /// Runs a schedule now, whatever is due, paused or in progress.
    ///
    /// - Throws: ``StoreError/Code/notFound`` when there is no such schedule, and whatever refuses what it sends.
    package func runSchedule(_ name: String) async throws(StoreError) -> ScheduledRun {
        let rows = try await database.onLeased(
            "SELECT conversation_id, seq, task_id FROM agentctl.run_schedule($1)",
            [.text(name)]
        )
        return try rows.only { row throws(PostgresError) in
            if let task = try row.decode("task_id", as: Int64?.self) { return .task(task) }
            return .submission(conversation: try row.decode("conversation_id"), seq: try row.decode("seq"))
        }
    }

    /// Lets a schedule begin no run until it is resumed.
    ///
    /// - Returns: Whether it was not paused before.
    /// - Throws: ``StoreError/Code/notFound`` when there is no such schedule.
    package func pauseSchedule(_ name: String) async throws(StoreError) -> Bool {
        try await database.onLeased("SELECT agentctl.pause_schedule($1) AS paused", [.text(name)]).scalar("paused")
    }

    /// Ends a pause.
    ///
    /// - Returns: When the schedule is due next, in ISO 8601; nil for never.
    /// - Throws: ``StoreError/Code/notFound`` when there is no such schedule.
    package func resumeSchedule(_ name: String) async throws(StoreError) -> String? {
        try await database.onLeased(
            "SELECT to_json(agentctl.resume_schedule($1)) #>> '{}' AS next",
            [.text(name)]
        ).scalar("next")
    }
}
