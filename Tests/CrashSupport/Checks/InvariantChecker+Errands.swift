import JSON

extension InvariantChecker {
    /// Tasks and plans that were handed in, and are lost or doubled, or did not come to their end.
    var brokenErrands: [Violation] {
        errands.flatMap { entry -> [Violation] in
            let stored =
                entry.isPlan
                ? state.plans.filter { $0.text("task") == entry.name }
                : state.tasks.filter {
                    TurnPlan($0.text("description")).name == entry.name && $0["parent_seq"]?.integerValue == nil
                }
            let isRight =
                switch entry.outcome {
                case .accepted(let number): stored.count == 1 && (entry.isPlan || stored[0].number("id") == number)
                case .answered: stored.count == 1
                case .rolledBack: stored.isEmpty
                case .unknown: stored.count <= 1
                }
            guard isRight else { return [Violation(.lost, "\(entry) is stored as \(stored.map { $0.number("id") })")] }
            return entry.isPlan ? stored.flatMap(brokenPlan) : []
        }
    }

    /// A plan whose turn succeeded, and which has a step that was not done, or done twice.
    private func brokenPlan(_ plan: JSONValue) -> [Violation] {
        let name = plan.text("task")
        let turns = state.of(plan.text("conversation_id"), state.turns)
        guard turns.count == 1 else { return [Violation(.lost, "plan \(name) has \(turns.count) turns")] }
        guard turns[0].text("status") == "succeeded" else { return [] }
        let steps = state.planSteps.filter { $0.number("plan_id") == plan.number("id") }
        let calls = state.of(plan.text("conversation_id"), state.calls).filter { $0.text("tool") != "update_plan" }
        // A task that was cancelled is a step that failed: a sequence ends with it.
        let hasFailed = steps.contains { $0.text("status") == "failed" }
        let isDone = steps.count == 4 && steps.allSatisfy { $0.text("status") == "completed" } && calls.count == 4
        if plan.text("state") == "completed" ? isDone : hasFailed { return [] }
        let statuses = steps.map { $0.text("status") }
        return [Violation(.lost, "plan \(name) is \(plan.text("state")), its steps \(statuses), \(calls.count) calls")]
    }

    /// Times of schedules without a run, or with one that was not submitted once.
    var brokenSchedules: [Violation] {
        guard minutes > 0 else { return [] }
        return TrialClock.names.flatMap { name -> [Violation] in
            let runs = state.scheduleRuns.filter { $0.text("name") == name }
            var found: [Violation] = []
            let times = runs.map { $0.number("minute") }
            if times != Array(1...Int64(minutes)) {
                found.append(Violation(.lost, "schedule \(name) ran at \(times) of \(minutes) minutes"))
            }
            for run in runs {
                let sent = state.submissions.filter {
                    $0.text("conversation_id") == run.text("conversation_id") && $0.number("seq") == run.number("seq")
                }
                if run.text("outcome") != "submitted" || sent.count != 1 {
                    found.append(Violation(.lost, "\(name) at \(run.number("minute")) is \(run.text("outcome"))"))
                }
            }
            let messages = state.submissions.compactMap { $0["body"]?["message"]?.stringValue }.filter {
                $0.hasPrefix("z\(name)")
            }
            if messages.count != Set(messages).count || messages.count != runs.count {
                found.append(Violation(.effects, "\(runs.count) runs of \(name) sent \(messages.count) messages"))
            }
            return found
        }
    }

    // MARK: Budgets

    /// Whether a turn was ended because its task had nothing left to spend.
    func hasSpentItsBudget(_ turn: JSONValue) -> Bool {
        guard turn.text("status") == "limited", turn.text("limit_reached") == "budget" else { return false }
        return state.tasks.contains {
            $0.text("conversation_id") == turn.text("conversation_id") && $0["budget_tokens"]?.integerValue != nil
        }
    }

    /// Turns that asked the model once more after the budget of their task was spent, and tasks that together had more than
    /// the one above them.
    var brokenBudgets: [Violation] {
        state.tasks.flatMap { task -> [Violation] in
            guard let budget = task["budget_tokens"]?.integerValue,
                let conversation = task["conversation_id"]?.stringValue
            else { return [] }
            var found: [Violation] = []
            let calls = state.of(conversation, state.steps).filter { $0.text("kind") == "model_call" }
            let below = state.tasks.filter {
                $0.text("parent_conversation_id") == conversation && $0.number("parent_seq") == task.number("seq")
            }
            let before = calls.dropLast().reduce(0) { $0 + $1.number("input_tokens") + $1.number("output_tokens") }
            if !calls.isEmpty, before > 0, before >= budget {
                found.append(Violation(.lost, "task \(task.number("id")) went on with \(before) of \(budget) tokens"))
            }
            let shares = below.compactMap { $0["budget_tokens"]?.integerValue }.reduce(0, +)
            if task.text("description").hasSuffix("tree2"), shares > budget {
                found.append(Violation(.lost, "task \(task.number("id")) gave \(shares) of \(budget) tokens"))
            }
            return found
        }
    }
}
