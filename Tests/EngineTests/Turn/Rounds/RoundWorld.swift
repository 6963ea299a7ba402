import Sandbox

@testable import Conversation
@testable import Engine
@testable import Orchestration
@testable import Safety

/// Drives random rounds to their end through crashes, lost leases, operators and interruptions, and keeps a ledger of effects
/// that no crash undoes.
struct RoundWorld {
    /// What a round must not do.
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    /// What the database has of the round.
    private struct Stored {
        var calls: [ToolCallRecord]
        var isAnswered: Bool
    }

    private enum Ending {
        case over([ToolCallRecord])
        case again
    }

    private var dice: HistoryGenerator
    private let effects: [ToolEffect]
    private let decisions: [SafetyDecision.Action]
    private let inspection: ToolRound.Inspection
    /// The calls that delegate, by their places.
    private let delegating: [Int]
    /// How many tasks of a call have not ended, by its number.
    private var openTasks: [Int: Int] = [:]
    private var areTasksStopped = false
    private var stored: Stored?
    private var approvals: [Int: ToolCallApproval] = [:]
    private var outputApprovals: [Int: ToolCallApproval] = [:]
    private var isInterrupted = false
    /// How often each call has had its effect.
    private var ledger: [Int: Int] = [:]
    /// How many attempts it took.
    private(set) var attempts = 0

    init(seed: UInt64) {
        var dice = HistoryGenerator(seed: seed)
        let count = Int.random(in: 1...5, using: &dice)
        effects = (0..<count).map { _ in ToolEffect.allCases.randomElement(using: &dice) ?? .pure }
        decisions = (0..<count).map { _ in [.allow, .allow, .allow, .ask, .deny].randomElement(using: &dice) ?? .allow }
        var delegating: [Int] = []
        for index in effects.indices where effects[index] == .sql {
            if dice.once(in: 2) { delegating.append(index) }
        }
        self.delegating = delegating
        inspection =
            [
                ToolRound.Inspection(), ToolRound.Inspection(isOn: true),
                ToolRound.Inspection(isOn: true, takesTime: true),
            ].randomElement(using: &dice) ?? ToolRound.Inspection()
        self.dice = dice
    }

    /// Goes on until the round is over.
    ///
    /// - Returns: The calls at its end.
    mutating func run() throws(Violation) -> [ToolCallRecord] {
        while attempts < 200 {
            attempts += 1
            if case .over(let calls) = try attempt() { return calls }
            decideForOperators()
        }
        throw Violation(description: "the round does not come to an end")
    }

    // MARK: An attempt

    private mutating func attempt() throws(Violation) -> Ending {
        if let stored, stored.isAnswered { return .over(stored.calls) }
        let calls = stored?.calls ?? effects.enumerated().map { .planned($0.offset + 1, $0.element) }
        var round = ToolRound(
            calls: calls.map { call in
                stored == nil
                    ? call
                    : call.reloaded(approval: approvals[call.number], outputApproval: outputApprovals[call.number])
            },
            inspection: inspection,
            isStored: stored != nil,
            isInterrupted: isInterrupted,
            delegations: delegations
        )
        var answers = 0
        var spawned: [Int: Int] = [:]
        var actions = round.begin()
        while !actions.isEmpty {
            // The process may die between any two actions.
            if dice.once(in: 25) { return .again }
            switch actions.removeFirst() {
            case .noteDoubt, .announce, .report: continue
            case .answer:
                answers += 1
                guard answers == 1 else { throw Violation(description: "calls are answered twice") }
            case .ask(let questions): ask(questions)
            case .decide:
                let decisions = decisions
                actions += round.decide { call, _ in SafetyDecision(decisions[call.number - 1], rule: "test") }
            case .lookUp(let questions):
                actions += round.found(questions.map { _ in dice.once(in: 6) ? .approved : nil })
            case .save: actions += round.saved(save(&round))
            case .run(let indices): actions += try run(indices, &round)
            case .runInTransaction(let indices): actions += try runInTransaction(indices, &round, &answers)
            case .inspect(let indices):
                let verdicts = indices.map { ($0, verdict(on: round.calls[$0])) }
                actions += round.inspected(verdicts, isCancelled: dice.once(in: 20))
            case .park:
                _ = save(&round)
                return .again
            case .delegate(let indices):
                for index in indices {
                    try mayRun(round.calls[index])
                    spawned[index + 1] = Int.random(in: 1...3, using: &dice)
                }
                let started = indices.map { ($0, Delegation.open(spawned[$0 + 1] ?? 0)) }
                actions += round.delegated(started, isCancelled: dice.once(in: 20))
            case .stopTasks:
                guard isInterrupted else { throw Violation(description: "tasks of a turn are stopped that was not") }
                areTasksStopped = true
            case .awaitTasks(let count):
                try awaitTasks(count, &round, spawned)
                return .again
            case .finish where openTasks.values.contains { $0 > 0 }:
                throw Violation(description: "it ends before its tasks")
            case .finish:
                guard answers == 1, round.isAnswered else { throw Violation(description: "it ends without answers") }
                return .over(round.calls)
            case .interrupt: return .over(round.calls)
            case .abandon: return .again
            }
        }
        throw Violation(description: "nothing is left to do, and the round is not over")
    }

    /// Stores the round, unless the worker was fenced off; the answer may be lost.
    private mutating func save(_ round: inout ToolRound) -> Bool {
        if dice.once(in: 15) { return false }
        stored = Stored(calls: round.calls, isAnswered: round.isAnswered)
        round.markStored()
        return !dice.once(in: 30)
    }

    // MARK: Tasks

    private var delegations: [Int: Delegation] {
        var found: [Int: Delegation] = [:]
        for index in delegating {
            let request = ToolCallRecord.planned(index + 1, .sql).request
            switch openTasks[index + 1] {
            case nil: found[index] = .new
            case 0?: found[index] = .ended(ToolCallResult(call: request, output: ToolOutput("done")))
            case let open?: found[index] = .open(open)
            }
        }
        return found
    }

    /// Stores the round with its tasks in one commit, or nothing of both.
    private mutating func awaitTasks(
        _ count: Int,
        _ round: inout ToolRound,
        _ spawned: [Int: Int]
    ) throws(Violation) {
        let open = openTasks.values.reduce(0, +) + spawned.values.reduce(0, +)
        guard count == open else { throw Violation(description: "\(count) tasks are awaited of \(open)") }
        if dice.once(in: 15) { return }
        stored = Stored(calls: round.calls, isAnswered: round.isAnswered)
        for (number, count) in spawned {
            try happen(round.calls[number - 1])
            openTasks[number] = count
        }
    }

    // MARK: Calls

    private mutating func run(
        _ indices: [Int],
        _ round: inout ToolRound
    ) throws(Violation) -> [ToolRound.Action] {
        var results: [ToolRound.Ran] = []
        for index in indices {
            let call = round.calls[index]
            try mayRun(call)
            guard call.effect == .unsafe else {
                results.append(dice.once(in: 8) ? round.failed(index) : round.succeeded(index))
                continue
            }
            let intent = stored?.calls.first { $0.number == call.number }
            guard intent?.state == .started else {
                throw Violation(description: "call \(call.number) runs without a stored intent")
            }
            var ran = round.succeeded(index)
            if dice.once(in: 10) {
                ran = round.failed(index, .notBegun)
                ran.isRefused = true
                ran.hasPassed = dice.once(in: 3)
            } else if dice.once(in: 10) {
                ran = round.failed(index, .cancelled)
                if !dice.once(in: 2) { try happen(call) }
                results.append(ran)
                continue
            }
            if !ran.isRefused || ran.hasPassed { try happen(call) }
            results.append(ran)
        }
        // It dies in the middle, after some of the effects: the results are lost.
        if dice.once(in: 15) { return [.abandon(.notStored)] }
        return round.ran(results, isCancelled: dice.once(in: 20))
    }

    private mutating func runInTransaction(
        _ indices: [Int],
        _ round: inout ToolRound,
        _ answers: inout Int
    ) throws(Violation) -> [ToolRound.Action] {
        let before = round
        var results: [(ran: ToolRound.Ran, verdict: GuardrailVerdict?)] = []
        for index in indices {
            try mayRun(round.calls[index])
            results.append((round.succeeded(index), inspection.isOn ? .passed("done") : nil))
        }
        let within = round.ranInTransaction(results)
        if dice.once(in: 8) {
            round = before
            return round.committed(false, isCancelled: false)
        }
        answers += within.count { $0 == .answer }
        stored = Stored(calls: round.calls, isAnswered: round.isAnswered)
        round.markStored()
        for index in indices { try happen(round.calls[index]) }
        if dice.once(in: 20) {
            // It was committed, and nobody knows.
            round = before
            return round.committed(false, isCancelled: false)
        }
        return round.committed(true, isCancelled: dice.once(in: 20))
    }

    private func mayRun(_ call: ToolCallRecord) throws(Violation) {
        guard !isInterrupted else { throw Violation(description: "call \(call.number) runs in a stopped turn") }
        switch decisions[call.number - 1] {
        case .allow: return
        case .deny: throw Violation(description: "call \(call.number) runs although it is denied")
        case .ask where call.approval?.state == .approved: return
        case .ask: throw Violation(description: "call \(call.number) runs although nobody has approved it")
        }
    }

    private mutating func happen(_ call: ToolCallRecord) throws(Violation) {
        ledger[call.number, default: 0] += 1
        guard ledger[call.number] == 1 else { throw Violation(description: "call \(call.number) happens twice") }
    }

    private mutating func verdict(on call: ToolCallRecord) -> GuardrailVerdict {
        if dice.once(in: 6) { return .blocked(guardrail: "g", reply: "withheld") }
        guard inspection.takesTime, dice.once(in: 3) else { return .passed("done") }
        switch call.outputApproval?.state {
        case .approved?: return .passed("done")
        case .denied?: return .blocked(guardrail: "g", reply: "denied")
        default:
            let question = GuardrailQuestion(guardrail: "g", detail: "d", timeout: .seconds(1), refusal: "denied")
            return .asks("done", [question])
        }
    }

    // MARK: Operators

    private var asked: Set<Int> = []
    private var askedOutputs: Set<Int> = []

    private mutating func ask(_ questions: [ToolRound.Question]) {
        for question in questions {
            switch question {
            case .call(let index, _): asked.insert(index + 1)
            case .output(let index, _): askedOutputs.insert(index + 1)
            }
        }
    }

    /// Between two attempts operators decide what they were asked, say what became of calls in doubt, or stop the turn.
    private mutating func decideForOperators() {
        guard stored != nil else {
            // The request went with the attempt.
            (asked, askedOutputs) = ([], [])
            return
        }
        for number in asked { approvals[number] = ToolCallApproval(dice.once(in: 3) ? .denied : .approved) }
        for number in askedOutputs {
            outputApprovals[number] = ToolCallApproval(dice.once(in: 3) ? .denied : .approved)
        }
        (asked, askedOutputs) = ([], [])
        if dice.once(in: 15) { isInterrupted = true }
        // Some of the tasks end.
        for (number, open) in openTasks.sorted(by: { $0.key < $1.key }) {
            openTasks[number] = areTasksStopped ? 0 : Int.random(in: 0...open, using: &dice)
        }
        for index in stored?.calls.indices ?? 0..<0 where stored?.calls[index].state == .inDoubt {
            let hasHappened = ledger[index + 1] != nil
            let runsAgain = !hasHappened && dice.once(in: 2)
            stored?.calls[index].state = runsAgain ? .planned : hasHappened ? .succeeded : .failed
            stored?.calls[index].result = runsAgain ? nil : "An operator said so."
        }
    }

    // MARK: What holds at the end

    /// What is wrong with the calls at the end of a round.
    func violations(of calls: [ToolCallRecord]) -> [String] {
        var found: [String] = []
        if calls.map(\.number) != Array(1...effects.count) { found.append("calls are lost") }
        for call in calls where call.effect == .unsafe || call.effect == .sql {
            let count = ledger[call.number] ?? 0
            if call.state == .succeeded, count != 1 {
                found.append("call \(call.number) succeeded, and happened \(count) times")
            }
            if call.state == .denied, count != 0 { found.append("call \(call.number) was denied, and happened") }
        }
        return found
    }
}
