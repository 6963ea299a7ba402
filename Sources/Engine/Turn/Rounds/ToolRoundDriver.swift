import Conversation
internal import JSON
import Orchestration
internal import Reactor
import Safety
import Store

/// Does what a ``ToolRound`` wants done: asks the policy and the guardrails, runs the calls, and stores the results.
struct ToolRoundDriver: Sendable {
    /// How a round ended for the turn.
    enum End: Sendable {
        /// Every call has its answer.
        case finished
        /// The turn is stored and waits for an operator, or for its tasks.
        case parked
        case interrupted
        case abandoned(TurnEnd.AbandonReason)
    }

    let turn: TurnEnvironment
    let gate: GuardrailGate
    let caller: ToolCaller
    private let minion: Minion
    private let began = ContinuousClock.now
    private var step: StepRecord
    var round: ToolRound

    /// A driver of a round.
    ///
    /// - Parameters:
    ///   - calls: The calls; none is answered.
    ///   - step: The round's step, which began when the model had answered.
    ///   - transcript: The turn so far.
    ///   - past: The messages before the turn that tools may see.
    ///   - timeouts: How long calls may take that have a limit besides that of their tool, by their ids.
    init(
        _ calls: [ToolCallRecord],
        step: StepRecord,
        of turn: TurnEnvironment,
        gate: GuardrailGate,
        transcript: Transcript,
        past: ArraySlice<ChatMessage>,
        timeouts: [String: Duration] = [:]
    ) {
        self.turn = turn
        self.gate = gate
        self.step = step
        caller = ToolCaller(
            turn: turn,
            messages: past + transcript.messages,
            streamsOutputs: gate.streamsToolOutputs,
            timeouts: timeouts
        )
        minion = Minion(tools: turn.agent.tools, progress: turn.claim.progress)
        round = ToolRound(
            calls: calls,
            inspection: gate.outputInspection,
            isStored: transcript.isStored,
            isInterrupted: turn.claim.isStopped || turn.claim.isOverdue,
            delegations: minion.delegations(of: calls)
        )
    }

    /// Drives the round to its end.
    ///
    /// - Parameter transcript: The turn so far; receives the calls.
    mutating func run(_ transcript: inout Transcript) async -> End {
        let end = await drive(&transcript)
        transcript.append(openCallsOf: round)
        return end
    }

    private mutating func drive(_ transcript: inout Transcript) async -> End {
        var actions = round.begin()
        while !actions.isEmpty {
            let action = actions.removeFirst()
            switch action {
            case .finish: return .finished
            case .interrupt: return .interrupted
            case .abandon(let reason): return .abandoned(reason)
            case .park(let reason):
                transcript.park(reason)
                return .parked
            case .awaitTasks(let open):
                transcript.await(minion.awaited(open))
                return .parked
            case .stopTasks:
                guard await turn.journal.stopTasks() else { return .abandoned(.notStored) }
            case .delegate(let indices):
                let (delegations, tasks) = minion.spawn(indices.map { ($0, round.calls[$0]) })
                transcript.append(tasks)
                actions += round.delegated(delegations, isCancelled: Task.isCancelled)
            case .noteDoubt, .announce, .report, .ask, .answer: note(action, &transcript)
            case .decide: actions += await decide(transcript)
            case .lookUp(let questions): actions += round.found(await standing(questions))
            case .save: actions += round.saved(await save(&transcript))
            case .run(let indices): actions += await run(indices, &transcript)
            case .runInTransaction(let indices): actions += await runInTransaction(indices, &transcript)
            case .inspect(let indices): actions += await inspect(indices, &transcript)
            }
        }
        return .abandoned(.notStored)
    }

    // MARK: What is done at once

    mutating func note(_ action: ToolRound.Action, _ transcript: inout Transcript) {
        switch action {
        case .noteDoubt(let indices):
            for index in indices { transcript.append(.callInDoubt(call: round.calls[index].number)) }
        case .announce(let indices):
            for index in indices {
                transcript.append(.toolStarted(round.calls[index].reference))
                turn.emit(.toolStarted(round.calls[index].request))
            }
        case .report(let indices):
            for index in indices { report(round.calls[index]) }
        case .ask(let questions):
            for question in questions { transcript.append(request(for: question)) }
        case .answer:
            step.duration = began.duration(to: .now)
            transcript.append(step)
            transcript.append(answersOf: round)
        default: break
        }
    }

    private func report(_ call: ToolCallRecord) {
        turn.emit(
            .toolFinished(
                id: call.request.id,
                name: call.request.name,
                output: call.answer,
                isError: call.state != .succeeded
            )
        )
    }

    private func request(for question: ToolRound.Question) -> ApprovalRequest {
        let call = round.calls[question.index]
        switch question {
        case .call(_, let decision):
            var request = ApprovalRequest(
                call: call.number,
                request: call.request,
                agent: turn.agent.name,
                decision: decision,
                timeout: decision.timeout ?? turn.agent.policy.approvalTimeout
            )
            request.versionID = call.toolVersionID
            return request
        case .output(_, let questions):
            return gate.approvalRequest(questions, about: call.result ?? "", at: .toolOutput, of: call)
        }
    }

    /// Arguments of more bytes are held against rules off the worker's loop: a pattern may take a while on them.
    private static let briefBytes = 4_096

    private mutating func decide(_ transcript: Transcript) async -> [ToolRound.Action] {
        guard round.calls.contains(where: { $0.request.arguments.utf8.count > Self.briefBytes }) else {
            return decideAtOnce(transcript)
        }
        let before = self
        let (after, actions) = await withTaskExecutorPreference(WorkThreads.shared) {
            () async -> (ToolRoundDriver, [ToolRound.Action]) in
            var driver = before
            let actions = driver.decideAtOnce(transcript)
            return (driver, actions)
        }
        self = after
        return actions
    }

    private mutating func decideAtOnce(_ transcript: Transcript) -> [ToolRound.Action] {
        let history = CallHistory(turn: turn, calls: transcript.calls + round.calls, cost: transcript.cost)
        let (policy, tools, versions) = (turn.agent.policy, turn.agent.tools, turn.agent.toolVersions)
        let asks = turn.agent.planProvider?.asksBeforeSteps(of: turn.claim.content) ?? false
        return round.decide { call, besides in
            let decision = policy.decide(history.proposal(of: call, besides: besides))
            if call.approval?.state == .approved, call.toolVersionID != versions[call.request.name] {
                let reason = "\(call.request.name) has changed since a person was asked about it: call it again."
                return SafetyDecision(.deny, rule: "another version", reason: reason, subject: decision.subject)
            }
            if decision.action == .ask, tools.isRefused(call.request) {
                // No approval is requested: the router refuses the call, and the model receives the reason.
                return SafetyDecision(.allow, rule: "no rule: its tool refuses it", subject: decision.subject)
            }
            guard asks, decision.action == .allow, call.request.name != PlanProvider.updateTool else { return decision }
            let reason = "Each step of the plan waits for an approval."
            var asked = SafetyDecision(.ask, rule: "plan, interactive", reason: reason, subject: decision.subject)
            // A user who wants to see each step of a plan allows them, too.
            asked.terms = ApprovalTerms(notRequester: false)
            return asked
        }
    }

    // MARK: What takes time

    private func standing(_ questions: [ToolRound.Question]) async -> [ToolCallApproval.State?] {
        let subjects = questions.map { question in
            let call = round.calls[question.index]
            let name = call.request.name
            guard case .call(_, let decision) = question else { return ApprovalSubject(tool: name, subject: "") }
            return ApprovalSubject(
                tool: name,
                subject: decision.subject,
                terms: decision.terms,
                versionID: call.toolVersionID
            )
        }
        return await turn.journal.standingApprovals(of: turn.agent.name, for: subjects)
    }

    private mutating func save(_ transcript: inout Transcript) async -> Bool {
        guard await turn.journal.save(transcript.snapshot(with: round)) else { return false }
        transcript.markStored()
        round.markStored()
        return true
    }

    private mutating func run(_ indices: [Int], _ transcript: inout Transcript) async -> [ToolRound.Action] {
        let results = await caller.call(indices.map { ($0, round.calls[$0]) }, cost: transcript.cost)
        let actions = round.ran(results, isCancelled: Task.isCancelled)
        // What ran within a call is not kept before its output was inspected.
        let isInspected = actions.contains {
            if case .inspect = $0 { true } else { false }
        }
        if !isInspected { keepRecords(&transcript) }
        return actions
    }

    private mutating func inspect(_ indices: [Int], _ transcript: inout Transcript) async -> [ToolRound.Action] {
        var verdicts: [(index: Int, verdict: GuardrailVerdict)] = []
        for index in indices {
            let call = round.calls[index]
            let (verdict, findings) = await gate.inspect(
                call.result ?? "",
                at: .toolOutput,
                known: call.outputApproval
            )
            transcript.append(findings, of: call.request)
            verdicts.append((index, verdict))
        }
        let actions = round.inspected(verdicts, isCancelled: Task.isCancelled)
        keepRecords(&transcript)
        return actions
    }

    func keepRecords(_ transcript: inout Transcript) {
        let records = caller.drain()
        let withheld = Set(round.calls.filter(\.isWithheld).map(\.request.id))
        transcript.append(
            functionCalls: gate.cleaned(records.calls, withheld: withheld),
            securityEvents: records.events
        )
    }
}
