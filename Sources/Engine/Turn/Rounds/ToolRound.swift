import Conversation
import Orchestration
import Safety

/// The calls of one answer of the model, from the answer to their results: a pure machine.
///
/// It takes what happened and returns what is to be done next; ``ToolRoundDriver`` does it and reports the result. A
/// round goes like this: a policy decides about each call; what it asks about waits for an operator. Before a call with an
/// unsafe effect runs, its intent is stored. Calls that write to the database run last, in the transaction that stores
/// them. Guardrails inspect each output before anything else is done with it. Calls that delegate come after all others: the
/// turn is stored with their tasks and parks until these have ended. The round ends when every call has its one answer.
///
/// Another attempt begins with the calls as they are stored. A call whose intent is stored without a result may have had
/// its effect: it is in doubt, and never run again without an operator's word.
struct ToolRound: Sendable {
    /// What comes after outputs were inspected.
    enum Sequel: Sendable {
        case resume
        case results([Int], isRefused: Bool, isCancelled: Bool)
        case settle
    }

    enum Phase: Sendable {
        case planned
        case inspecting(Sequel)
        case deciding
        case lookingUp([Question])
        case storingIntents([Int])
        case running
        case storingRefusal
        case storingInterruption
        case inTransaction([Int], isAnswered: Bool)
        case delegating
        case storingEnd
        case over
    }

    /// The calls, in the order in which the model asked for them.
    var calls: [ToolCallRecord]
    /// Whether every call has its answer in the transcript.
    private(set) var isAnswered = false
    let inspection: Inspection
    /// Whether the database has a part of the turn: then it gets the end of the round as well.
    var isStored: Bool
    /// Whether the turn was stopped before this attempt.
    private let isInterrupted: Bool
    /// How far calls have come that delegate.
    let delegations: [Int: Delegation]
    var phase = Phase.planned
    var inspected: Set<Int>
    var openOutputs: [Int: [GuardrailQuestion]] = [:]
    var unreported: Set<Int> = []

    /// A round.
    ///
    /// - Parameters:
    ///   - calls: The calls, planned or as an earlier attempt has stored them; none is answered.
    ///   - inspection: What is done with their outputs.
    ///   - isStored: Whether the database has a part of the turn.
    ///   - isInterrupted: Whether the turn was stopped before this attempt: nothing is run then.
    ///   - delegations: How far the calls have come that delegate, by their places.
    init(
        calls: [ToolCallRecord],
        inspection: Inspection,
        isStored: Bool,
        isInterrupted: Bool = false,
        delegations: [Int: Delegation] = [:]
    ) {
        self.calls = calls
        self.inspection = inspection
        self.isStored = isStored
        self.isInterrupted = isInterrupted
        self.delegations = delegations
        inspected = Set(calls.indices.filter { calls[$0].isWithheld })
    }

    // MARK: Deciding

    /// Begins the round, or resumes one that an earlier attempt has left.
    mutating func begin() -> [Action] {
        inspect(then: .resume)
    }

    mutating func resume() -> [Action] {
        let cutOff = indices(.started)
        for index in cutOff { calls[index].state = .inDoubt }
        let notes: [Action] = cutOff.isEmpty ? [] : [.noteDoubt(cutOff)]
        let open = openTasks
        // A turn ends after its tasks.
        if open > 0 { return notes + (isInterrupted ? [.stopTasks] : []) + end(.awaitTasks(open)) }
        if isInterrupted {
            dropDelegations()
            return notes + end(.interrupt)
        }
        takeDelegations(delegations)
        guard indices(.inDoubt).isEmpty else { return notes + end(.park(.inDoubt)) }
        phase = .deciding
        return notes + [.decide]
    }

    /// Decides about the calls that have not begun.
    ///
    /// Calls that need no approval wait with those that do: the calls of an answer run together.
    ///
    /// - Parameter decision: The policy's decision about a call, given the names of those before it in the round that are
    ///   to run: they run together, but they count in their order.
    mutating func decide(_ decision: (ToolCallRecord, [String]) -> SafetyDecision) -> [Action] {
        guard case .deciding = phase else { return [] }
        var (asks, denied): ([Question], [Int]) = ([], [])
        for index in indices(.planned) {
            let approval = calls[index].approval
            if let approval, ![.pending, .approved].contains(approval.state) {
                calls[index].deny(by: approval)
                denied.append(index)
                continue
            }
            let besides = calls[..<index].filter { $0.state == .planned }.map(\.request.name)
            let decision = decision(calls[index], besides)
            // What was approved runs, unless it is denied by now.
            if approval?.state == .approved, decision.action != .deny { continue }
            calls[index].rule = "\(decision.action.rawValue) by \(decision.rule)"
            switch decision.action {
            case .allow: continue
            case .deny:
                calls[index].deny(decision.reason ?? "It is not allowed (\(decision.rule)).")
                denied.append(index)
            case .ask: asks.append(.call(index, decision))
            }
        }
        let reports: [Action] = denied.isEmpty ? [] : [.report(denied)]
        guard !asks.isEmpty else { return reports + start() }
        phase = .lookingUp(asks)
        return reports + [.lookUp(asks)]
    }

    /// Takes what was decided about such calls for longer than once.
    ///
    /// - Parameter states: One for each question, in their order; nil where nothing was.
    mutating func found(_ states: [ToolCallApproval.State?]) -> [Action] {
        guard case .lookingUp(let asks) = phase else { return [] }
        var (open, denied): ([Question], [Int]) = ([], [])
        for (ask, state) in zip(asks, states) {
            switch state {
            case .approved: calls[ask.index].approval = ToolCallApproval(.approved)
            case .denied:
                calls[ask.index].deny(by: ToolCallApproval(.denied))
                denied.append(ask.index)
            case .pending, .expired, nil: open.append(ask)
            }
        }
        let reports: [Action] = denied.isEmpty ? [] : [.report(denied)]
        return reports + (open.isEmpty ? start() : [.ask(open)] + end(.park(.approval)))
    }

    // MARK: Running

    /// Begins the calls that may run; the intents of unsafe ones are stored first.
    private mutating func start() -> [Action] {
        let planned = indices(.planned)
        guard !planned.isEmpty else { return settle() }
        let first = planned.filter { calls[$0].effect != .sql }
        let unsafe = planned.filter { calls[$0].effect == .unsafe }
        guard !unsafe.isEmpty else { return [.announce(planned)] + run(first) }
        for index in unsafe { calls[index].state = .started }
        phase = .storingIntents(first)
        return [.announce(planned), .save]
    }

    private mutating func run(_ indices: [Int]) -> [Action] {
        guard !indices.isEmpty else { return runTransactional() }
        phase = .running
        return [.run(indices)]
    }

    /// Takes whether the round was stored.
    mutating func saved(_ isSaved: Bool) -> [Action] {
        if isSaved { isStored = true }
        switch phase {
        // As long as the lease holds, what was refused is to be done by the next attempt.
        case .storingRefusal: return end(.abandon(isSaved ? .leaseOver : .notStored))
        case .storingIntents(let first) where isSaved: return run(first)
        case .storingInterruption where isSaved: return end(.interrupt)
        case .storingEnd where isSaved: return end(.finish)
        case .storingIntents, .storingInterruption, .storingEnd: return end(.abandon(.notStored))
        default: return []
        }
    }

    /// Takes the results of calls that ran.
    mutating func ran(_ results: [Ran], isCancelled: Bool) -> [Action] {
        guard case .running = phase else { return [] }
        for ran in results { take(ran) }
        let isRefused = results.contains { $0.isRefused }
        return inspect(
            then: .results(results.map(\.index), isRefused: isRefused, isCancelled: isCancelled)
        )
    }

    mutating func take(_ ran: Ran) {
        calls[ran.index].take(ran.result)
        if ran.isRefused { calls[ran.index].withdraw(hasPassed: ran.hasPassed) }
    }

    mutating func results(_ indices: [Int], isRefused: Bool, isCancelled: Bool) -> [Action] {
        let report: [Action] = [.report(indices.filter { calls[$0].result != nil })]
        if isRefused {
            phase = .storingRefusal
            return report + [.save]
        }
        guard isCancelled else { return report + runTransactional() }
        guard indices.contains(where: { calls[$0].effect == .unsafe }) else { return report + end(.interrupt) }
        phase = .storingInterruption
        return report + [.save]
    }

    // MARK: The end

    /// Ends the round when every call has its result and no operator has to be asked about one.
    mutating func settle() -> [Action] {
        inspect(then: .settle)
    }

    mutating func settleInspected() -> [Action] {
        guard openOutputs.isEmpty else {
            let questions = openOutputs.sorted { $0.key < $1.key }.map { Question.output($0.key, $0.value) }
            return [.ask(questions)] + end(.park(.approval))
        }
        let actions = answer() + reports()
        guard isStored else { return actions + end(.finish) }
        phase = .storingEnd
        return actions + [.save]
    }

    mutating func answer() -> [Action] {
        isAnswered = true
        return [.answer]
    }

    mutating func reports() -> [Action] {
        defer { unreported = [] }
        return unreported.isEmpty ? [] : [.report(unreported.sorted())]
    }

    mutating func end(_ action: Action) -> [Action] {
        phase = .over
        return [action]
    }

    /// The database has the calls as they are here.
    mutating func markStored() {
        for index in calls.indices { calls[index].storage = .stored }
    }

    func indices(_ state: ToolCallRecord.State) -> [Int] {
        calls.indices.filter { calls[$0].state == state }
    }
}
