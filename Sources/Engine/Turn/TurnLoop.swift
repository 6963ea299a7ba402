import Conversation
internal import JSON
import Orchestration
import Safety
package import Tools

/// Turns claimed submissions into records: finds the agent, runs the turn within its time limit, and says how it went.
package struct TurnLoop: Sendable {
    let registry: AgentRegistry
    let services: ToolServices
    let maximumAttempts: Int
    private let patience: Duration

    /// A turn loop.
    ///
    /// - Parameters:
    ///   - registry: Where agents come from.
    ///   - services: What the process can do for tools.
    ///   - maximumAttempts: Claims of one submission, after which it is failed without being tried again: a message
    ///     that brings its worker down must not do so for ever.
    ///   - patience: How long a database that is away is waited for before a turn begins; a worker whose lease ends
    ///     stops it before that.
    package init(
        registry: AgentRegistry,
        services: ToolServices,
        maximumAttempts: Int,
        patience: Duration = .seconds(60)
    ) {
        self.registry = registry
        self.services = services
        self.maximumAttempts = maximumAttempts
        self.patience = patience
    }

    /// Processes a submission.
    ///
    /// - Parameters:
    ///   - claim: The submission.
    ///   - journal: Stores what it does while it runs.
    ///   - signals: Report when the turn is to be stopped.
    ///   - emit: Receives what happens, as it happens; it must not block.
    /// - Returns: How it ended: cancelled when the calling task is cancelled before the turn is over.
    func run(
        _ claim: ClaimedSubmission,
        journal: TurnJournal,
        signals: TurnSignals? = nil,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async -> TurnEnd {
        let start = ContinuousClock.now
        var end: TurnEnd
        do throws(AgentError) {
            try refuse(claim)
            let agent = try await agent(for: claim)
            end = await run(
                await remembering(claim, for: agent, journal),
                with: agent,
                journal: journal,
                signals: signals,
                start: start,
                emit: emit
            )
        } catch {
            end = self.end(of: claim, without: error)
            // A turn ends after its tasks, whatever becomes of it.
            if case .finished(var record) = end, let open = claim.progress?.openTasks, open > 0 {
                record.openTasks = open
                end = await journal.parkUntilTasksHaveEnded(record)
            }
        }
        func timed(_ record: TurnRecord, isOver: Bool) -> TurnRecord {
            var record = record
            record.duration = record.earlier.duration + start.duration(to: .now)
            if isOver { record.end() }
            return record
        }
        switch end {
        case .finished(let record): return .finished(timed(record, isOver: true))
        case .cancelled(let record): return .cancelled(timed(record, isOver: record.openTasks == 0))
        case .parked(let record): return .parked(timed(record, isOver: false))
        case .abandoned(let record, let reason): return .abandoned(timed(record, isOver: false), reason)
        }
    }

    /// How a turn ends whose agent is not to be had.
    private func end(of claim: ClaimedSubmission, without error: AgentError) -> TurnEnd {
        var record = TurnRecord(beginning: claim)
        // What an operator was asked about, and has not approved, is not kept.
        if record.messages.isEmpty { record.messages = [.user(Guardrail.withheldMessage(by: nil))] }
        record.begin()
        if Task.isCancelled, error.code == .unavailable {
            record.status = .interrupted
            return .cancelled(record)
        }
        // Another attempt reads the rows when they can be read.
        if error.isTransient { return .abandoned(record, .agentUnavailable) }
        record.status = .failed
        record.errorCode = error.code.description
        record.errorMessage = error.message
        return .finished(record)
    }

    /// Finds the agent, trying again while the database is away.
    func agent(for claim: ClaimedSubmission) async throws(AgentError) -> Agent {
        try await retrying(.database, for: patience, while: \.isTransient) { () throws(AgentError) in
            try await currentAgent(for: claim)
        }
    }

    /// The agent as the conversation has it: with its own model and limits, where it has any.
    func currentAgent(for claim: ClaimedSubmission) async throws(AgentError) -> Agent {
        let model = claim.settings?["model"]?.stringValue
        var agent = try await presentAgent(for: claim, model: model)
        if let handoff = agent.handoff {
            agent = try await registry.agent(
                named: handoff.present(in: claim),
                epoch: claim.epoch,
                model: model,
                in: handoff.mayHandOver(in: claim) ? handoff : nil
            )
            agent.chainVersionID = handoff.versionID
        }
        if let settings = claim.settings { agent.settings = agent.settings.changed(by: settings) }
        return agent
    }

    /// The agent in force, or the version of a chain that the turn began with: an approval holds for no other version.
    private func presentAgent(for claim: ClaimedSubmission, model: String?) async throws(AgentError) -> Agent {
        let begun = claim.progress.flatMap { $0.agent == claim.agent ? $0.agentVersion : nil }
        let current: Agent
        do throws(AgentError) {
            current = try await registry.agent(
                named: claim.agent,
                epoch: claim.epoch,
                model: model,
                choosing: claim.task?.choices ?? []
            )
        } catch {
            guard error.code == .notFound, let begun else { throw error }
            return try await registry.agent(named: claim.agent, epoch: claim.epoch, chainVersion: begun)
        }
        guard current.chain != nil, let begun, begun != current.version else { return current }
        return try await registry.agent(named: claim.agent, epoch: claim.epoch, chainVersion: begun)
    }

    func refuse(_ claim: ClaimedSubmission) throws(AgentError) {
        if let defect = claim.defect {
            throw AgentError(.unreadable, "the submission cannot be read: \(defect)")
        }
        if claim.attempt > maximumAttempts {
            throw AgentError(
                .attemptsExhausted,
                "the submission was begun \(claim.attempt - 1) times and never finished; it is not tried again"
            )
        }
    }

    /// What happens to a turn first.
    private enum Happening: Sendable {
        case ended(TurnEnd)
        case timedOut
        case interrupted
        case stoppedWaiting
    }

    /// Runs a turn until it ends, its time is over (what it came to is kept as limited) or it is interrupted.
    private func run(
        _ claim: ClaimedSubmission,
        with agent: Agent,
        journal: TurnJournal,
        signals: TurnSignals?,
        start: ContinuousClock.Instant,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async -> TurnEnd {
        let (registry, services, limit) = (registry, services, TaskLimits(of: claim, agent).time)
        return await withTaskGroup(of: Happening.self) { group in
            group.addTask {
                let environment = TurnEnvironment(
                    agent: agent,
                    claim: claim,
                    services: services,
                    journal: journal,
                    start: start,
                    emit: emit
                )
                if let chain = agent.chain {
                    var turn = ChainTurn(environment, of: chain, registry: registry)
                    return .ended(await turn.run())
                }
                var turn = Turn(environment, registry: registry)
                return .ended(await turn.run())
            }
            group.addTask {
                do { try await Task.sleep(for: limit.duration) } catch { return .stoppedWaiting }
                return .timedOut
            }
            if let signals {
                group.addTask { await signals.waitForStop(of: claim.lease) ? .interrupted : .stoppedWaiting }
            }
            return await end(of: &group, limit: limit.limit, journal) ?? .cancelled(TurnRecord(beginning: claim))
        }
    }

    private func end(
        of group: inout TaskGroup<Happening>,
        limit: String,
        _ journal: TurnJournal
    ) async -> TurnEnd? {
        var isTimedOut = false
        for await event in group {
            switch event {
            case .stoppedWaiting: continue
            case .interrupted: group.cancelAll()
            case .timedOut:
                isTimedOut = true
                group.cancelAll()
            case .ended(let end):
                group.cancelAll()
                // A turn that was cancelled from here, and not with the calling task, is over.
                guard case .cancelled(var record) = end, !Task.isCancelled else { return end }
                if record.openTasks > 0 { return await journal.parkUntilTasksHaveEnded(record) }
                if isTimedOut, record.status == .interrupted {
                    record.status = .limited
                    record.limitReached = limit
                }
                return .finished(record)
            }
        }
        return nil
    }
}
