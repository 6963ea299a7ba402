package import JSON
internal import Postgres

extension ConversationStore {
    /// A plan that is to be stored.
    package struct PlanDraft: Sendable {
        /// The task in words.
        package var task: String
        /// The steps, as `agentctl.store_plan` takes them.
        package var steps: JSONValue
        /// Values that it was made with, by name.
        package var context: JSONObject = [:]
        package var mode = "sequential"
        package var maximumSteps = 10
        package var maximumReplans = 2
        /// What is done when a step fails.
        package var recoveries: [JSONValue] = []
        /// `templates`, `user`, or the agent that made it.
        package var madeBy = "user"

        package init(task: String, steps: JSONValue) {
            (self.task, self.steps) = (task, steps)
        }
    }

    /// Stores a plan, a draft.
    ///
    /// - Returns: Its number.
    /// - Throws: ``StoreError/Code/invalid`` with every problem; ``StoreError/Code/refused`` when it is too large.
    package func store(_ plan: PlanDraft) async throws(StoreError) -> Int64 {
        try await database.onLeased(
            """
            SELECT agentctl.store_plan($1, $2::jsonb, $3::jsonb, $4, $5::integer, $6::integer, $7::jsonb, $8) AS plan
            """,
            [
                .text(plan.task), .json(JSONText(plan.steps)), .json(JSONText(.object(plan.context))), .text(plan.mode),
                .integer(Int64(plan.maximumSteps)), .integer(Int64(plan.maximumReplans)),
                .json(JSONText(.array(plan.recoveries))), .text(plan.madeBy),
            ]
        ).scalar("plan")
    }

    /// Replaces the steps of a plan that does not run yet.
    ///
    /// - Returns: The number of the revision.
    /// - Throws: ``StoreError/Code/invalid`` with every problem; ``StoreError/Code/refused`` when it runs or has run.
    package func editPlan(_ plan: Int64, steps: JSONValue) async throws(StoreError) -> Int64 {
        try await database.onLeased(
            "SELECT agentctl.edit_plan($1, $2::jsonb)::bigint AS revision",
            [.integer(plan), .json(JSONText(steps))]
        ).scalar("revision")
    }

    /// Approves a plan, so that it may run.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - revision: The only revision that is meant; nil for whatever it is at.
    /// - Returns: Whether it was not approved before.
    /// - Throws: ``StoreError/Code/refused`` when it was edited since, or runs.
    package func approvePlan(_ plan: Int64, revision: Int? = nil) async throws(StoreError) -> Bool {
        try await database.onLeased(
            "SELECT agentctl.approve_plan($1, $2::integer) AS approved",
            [.integer(plan), .optional(revision.map { Int64($0) })]
        ).scalar("approved")
    }

    /// Has an agent run an approved plan, or what is left of one whose turn has ended.
    ///
    /// - Parameters:
    ///   - plan: The plan.
    ///   - agent: The agent, whose model is of the provider `plan`; nil for the one before, or `executor`.
    ///   - mode: How its steps are run; nil for what it says.
    ///   - maximumSteps: The most steps; nil for what it says.
    ///   - outcomes: `happened` or `did_not_happen`, by the numbers of steps that were cut off.
    /// - Returns: The turn.
    /// - Throws: ``StoreError/Code/refused`` when it is not approved or runs, when the agent lacks what it calls, and when
    ///   it is not known whether a step took effect.
    package func runPlan(
        _ plan: Int64,
        agent: String? = nil,
        mode: String? = nil,
        maximumSteps: Int? = nil,
        outcomes: JSONObject = [:]
    ) async throws(StoreError) -> (conversation: String, seq: Int64) {
        let rows = try await database.onLeased(
            "SELECT conversation, seq FROM agentctl.run_plan($1, $2, $3, $4::integer, $5::jsonb)",
            [
                .integer(plan), .optional(agent), .optional(mode), .optional(maximumSteps.map { Int64($0) }),
                .json(JSONText(.object(outcomes))),
            ]
        )
        return try rows.only { row throws(PostgresError) in
            (conversation: try row.decode("conversation"), seq: try row.decode("seq"))
        }
    }

    /// A plan as text.
    ///
    /// - Throws: ``StoreError/Code/notFound`` when there is none.
    package func planSummary(_ plan: Int64) async throws(StoreError) -> String {
        try await database.onShared("SELECT agentctl.plan_summary($1) AS summary", [.integer(plan)]).scalar("summary")
    }
}
