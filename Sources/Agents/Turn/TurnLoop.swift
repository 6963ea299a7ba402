internal import JSON

/// Turns claimed submissions into records: finds the agent, runs the turn within its time limit, and says how it went.
public struct TurnLoop: Sendable {
    private let registry: AgentRegistry
    private let services: ToolServices
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
    public init(
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
    ///   - journal: Stores what it does while it goes on.
    ///   - signals: Tell when somebody wants it stopped.
    ///   - emit: Told what happens, as it happens; it must not block.
    /// - Returns: What is to be stored. When the calling task is cancelled, a record with the status interrupted; when the
    ///   database was away for too long, one that is abandoned.
    func run(
        _ claim: ClaimedSubmission,
        journal: TurnJournal,
        signals: TurnSignals? = nil,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async -> TurnRecord {
        let start = ContinuousClock.now
        var record: TurnRecord
        do throws(AgentError) {
            try refuse(claim)
            let agent = try await agent(for: claim)
            record = await run(
                claim,
                with: agent,
                journal: journal,
                signals: signals,
                start: start,
                emit: emit
            )
        } catch {
            record = TurnRecord(beginning: claim)
            // What a person was asked about, and nobody has allowed, is not kept.
            if record.messages.isEmpty { record.messages = [.user("[The message was withheld.]")] }
            record.begin()
            if Task.isCancelled, error.code == .unavailable {
                // The rows were not read because nobody wants the turn any more.
                record.status = .interrupted
            } else if error.isTransient {
                // Another attempt reads them when they can be read.
                record.isAbandoned = true
            } else {
                record.status = .failed
                record.errorCode = error.code.description
                record.errorMessage = error.message
            }
        }
        record.duration = record.earlier.duration + start.duration(to: .now)
        if record.status != .waiting, !record.isAbandoned { record.end() }
        return record
    }

    /// Waits between attempts to read an agent's rows while the database is away.
    private static let firstDelay: Duration = .milliseconds(50)
    private static let longestDelay: Duration = .seconds(1)

    /// Finds the agent, trying again while the database is away.
    func agent(for claim: ClaimedSubmission) async throws(AgentError) -> Agent {
        let deadline = ContinuousClock.now + patience
        var delay = Self.firstDelay
        while true {
            do throws(AgentError) {
                return try await currentAgent(for: claim)
            } catch {
                guard error.isTransient, !Task.isCancelled, .now < deadline else { throw error }
                try? await Task.sleep(for: delay)
                delay = min(delay * 2, Self.longestDelay)
            }
        }
    }

    /// The agent as the conversation has it: with its own model and limits, where it has any.
    private func currentAgent(for claim: ClaimedSubmission) async throws(AgentError) -> Agent {
        let model = claim.settings?["model"]?.stringValue
        var agent = try await registry.agent(named: claim.agent, epoch: claim.epoch, model: model)
        if let settings = claim.settings { agent.settings = agent.settings.changed(by: settings) }
        return agent
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

    /// What happens first to a turn.
    private enum End: Sendable {
        case ended(TurnRecord)
        case timedOut
        case interrupted
        case stoppedWaiting
    }

    /// Runs a turn until it ends, its time is over (what it came to is kept as limited) or somebody stops it.
    private func run(
        _ claim: ClaimedSubmission,
        with agent: Agent,
        journal: TurnJournal,
        signals: TurnSignals?,
        start: ContinuousClock.Instant,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) async -> TurnRecord {
        let (registry, services) = (registry, services)
        return await withTaskGroup(of: End.self) { group in
            group.addTask {
                var turn = Turn(
                    agent: agent,
                    claim: claim,
                    registry: registry,
                    services: services,
                    journal: journal,
                    start: start,
                    emit: emit
                )
                await turn.run()
                return .ended(turn.record)
            }
            group.addTask {
                do { try await Task.sleep(for: agent.settings.timeout) } catch { return .stoppedWaiting }
                return .timedOut
            }
            if let signals {
                group.addTask { await signals.waitForStop(of: claim.lease) ? .interrupted : .stoppedWaiting }
            }
            return await record(of: &group) ?? TurnRecord(beginning: claim)
        }
    }

    private func record(of group: inout TaskGroup<End>) async -> TurnRecord? {
        var isTimedOut = false
        for await end in group {
            switch end {
            case .stoppedWaiting: continue
            case .interrupted: group.cancelAll()
            case .timedOut:
                isTimedOut = true
                group.cancelAll()
            case .ended(var record):
                group.cancelAll()
                if isTimedOut, record.status == .interrupted, !Task.isCancelled {
                    record.status = .limited
                    record.limitReached = "timeout"
                }
                return record
            }
        }
        return nil
    }
}
