import Conversation
internal import JSON
import Orchestration

// Rounds of calls, and the ways in which a run of a chain waits and ends.
extension ChainTurn {
    /// Runs a round of calls to its end.
    ///
    /// Questions to operators come last: the other calls do not wait for them.
    mutating func runCalls() async throws(Turn.Stop) {
        guard !environment.journal.isRehearsal else { throw .abandoned(.notStored) }
        if transcript.hasNewTasks {
            guard await environment.journal.save(transcript.snapshot()) else { throw .abandoned(.notStored) }
            transcript.markStored()
        }
        let step = StepRecord(.toolRound, offset: transcript.offset)
        var round = openCalls
        if round.isEmpty {
            let now =
                calls.contains { $0.name != ApprovalTool.name } ? calls.filter { $0.name != ApprovalTool.name } : calls
            calls.removeAll { call in now.contains { $0.id == call.id } }
            round = CallPlanner(turn: environment).plan(
                .assistant("", toolCalls: now),
                in: &transcript,
                offset: step.offset
            )
        }
        var driver = ToolRoundDriver(
            round,
            step: step,
            of: environment,
            gate: gate,
            transcript: transcript,
            past: [],
            timeouts: timeouts(of: round)
        )
        switch await driver.run(&transcript) {
        case .finished:
            openCalls = []
            ledger.take(transcript.calls)
        case .parked: throw .parked
        case .interrupted: throw interrupt()
        case .abandoned(let reason): throw .abandoned(reason)
        }
    }

    /// How long the calls of a round may take, by their ids, as their nodes say.
    private func timeouts(of round: [ToolCallRecord]) -> [String: Duration] {
        let nodes = Dictionary(started.values.map { ($0.id, $0) }) { first, _ in first }
        var timeouts: [String: Duration] = [:]
        // The calls of a list have a number after the id of their node.
        for id in round.map(\.request.id) { timeouts[id] = nodes[String(id.prefix { $0 != "/" })]?.timeout }
        return timeouts
    }

    /// Gives the conversation up until a task ends, or an operator has decided.
    mutating func park() -> Turn.Stop {
        if Task.isCancelled { return interrupt() }
        let open = ledger.openTasks
        transcript.note(isAsked: openCalls.contains { $0.approval?.state == .pending })
        guard open > 0 else {
            // A question is open, or nothing can be done and nothing is waited for, which no machine leads to.
            guard !openCalls.isEmpty else { return fail("chain_stuck", "Nothing of the chain can run.") }
            transcript.park(.approval)
            return .parked
        }
        // Where nothing can begin before all have ended, the last ending wakes the turn and not each.
        let isJoined = openCalls.isEmpty && !machine.hasReadyNodes && chain.areJoined(started.values)
        return park(endings: isJoined ? open : 1)
    }

    private mutating func park(endings: Int) -> Turn.Stop {
        transcript.await(TurnRecord.AwaitedTasks(endings: endings, told: claim.progress?.told ?? 0))
        return .parked
    }

    /// Stops tasks that are not needed any more; those that are not stored yet never begin.
    mutating func stopTasks(in groups: [String]) async throws(Turn.Stop) {
        guard !groups.isEmpty else { return }
        ledger.takeBack(transcript.takeBackTasks(in: groups))
        guard await environment.journal.stopTasks(in: groups) else { throw .abandoned(.notStored) }
    }

    /// Whether earlier attempts have taken all the time that the chain's own work may take.
    var isOutOfTime: Bool {
        claim.progress.map { $0.totals.duration >= environment.agent.settings.timeout } ?? false
    }

    /// Ends a turn that was stopped, whose deadline has passed or that is out of time, after its tasks.
    mutating func windDown() async throws(Turn.Stop) {
        try await endTasks()
        // The round that was left open ends its calls itself.
        if !openCalls.isEmpty {
            do throws(Turn.Stop) { try await runCalls() } catch {
                guard case .over = error else { throw error }
            }
        }
        guard claim.isStopped else {
            throw limit(claim.isOverdue ? TaskLimits.deadline : TaskLimits.timeout)
        }
        throw interrupt()
    }

    /// Ends the turn as the chain has, after its tasks.
    mutating func conclude(_ result: ChainResult) async throws(Turn.Stop) {
        try await endTasks()
        // Of questions that are open nothing depends any more.
        transcript.answer(openCalls)
        if let failure = result.failure {
            // A node that failed because the budget is spent has met the limit of the run.
            if failure.code == TaskLimits.budget, ledger.isSpent { throw limit(TaskLimits.budget) }
            throw fail(failure.code, result.failedStage.map { "node \($0): \(failure.message)" } ?? failure.message)
        }
        let output = result.finalOutput ?? .null
        let reply = output.stringValue ?? output.text
        if let complaint = await environment.agent.complaint(aboutOutput: reply) {
            throw fail("output_invalid", complaint)
        }
        environment.emit(.text(reply))
        transcript.append(.assistant(reply))
    }

    /// Stops the tasks that have not ended, and parks until they have.
    private mutating func endTasks() async throws(Turn.Stop) {
        let open = ledger.openTasks
        guard open > 0 else { return }
        guard await environment.journal.stopTasks() else { throw .abandoned(.notStored) }
        throw park(endings: open)
    }

    /// Ends a turn for whose next tasks nothing is left of its budget, unless something is under way: open tasks may give
    /// back what they hold, and calls are carried out first.
    mutating func endWithoutBudget() throws(Turn.Stop) {
        guard ledger.openTasks == 0, calls.allSatisfy({ $0.name == ApprovalTool.name }),
            openCalls.allSatisfy({ $0.approval?.state == .pending })
        else { return }
        transcript.answer(openCalls)
        throw limit(TaskLimits.budget)
    }

    private mutating func limit(_ name: String) -> Turn.Stop {
        transcript.limit(name)
        return .over
    }

    mutating func fail(_ code: String, _ message: String) -> Turn.Stop {
        transcript.fail(code, message)
        return .over
    }

    /// Ends the attempt of a turn that was stopped; the caller stops the tasks that have not ended.
    private mutating func interrupt() -> Turn.Stop {
        transcript.note(openTasks: ledger.openTasks)
        transcript.interrupt()
        return .over
    }
}
