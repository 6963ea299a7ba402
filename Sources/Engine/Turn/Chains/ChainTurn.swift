import Conversation
internal import JSON
import Orchestration

/// A run of a chain: the turn of a conversation that a chain answers.
///
/// A ``ChainMachine`` says which nodes are to run. What agents and chains do for a node are tasks of the turn; what tools,
/// functions and persons do are calls, in the same rounds as those of a model: policies, intents and doubt hold for them.
/// The turn is stored, with the visits that have ended, and parks whenever it can do nothing but wait. The next attempt
/// resumes from these visits: no node runs again that has ended, and no task or call is given out twice.
struct ChainTurn {
    let environment: TurnEnvironment
    let chain: Chain
    let gate: GuardrailGate
    var transcript: Transcript
    var machine: ChainMachine
    var ledger: ChainLedger
    /// The nodes that the machine has started and that have not ended.
    var started: [NodeRun.Key: StartedNode] = [:]
    /// From the attempt's beginning to that of a node.
    var offsets: [NodeRun.Key: Duration] = [:]
    /// Calls that are to be made, in rounds.
    var calls: [ToolCallRequest] = []
    /// The calls of a round that an earlier attempt has left.
    var openCalls: [ToolCallRecord]
    var storedNodes: Int

    var claim: ClaimedSubmission { environment.claim }

    init(_ environment: TurnEnvironment, of runnable: RunnableChain, registry: AgentRegistry) {
        let (agent, claim, start) = (environment.agent, environment.claim, environment.start)
        self.environment = environment
        chain = runnable.chain
        gate = GuardrailGate(
            agent: agent,
            judge: AgentJudge(registry: registry, epoch: claim.epoch, start: start),
            journal: environment.journal
        )
        transcript = Transcript(of: claim, by: agent, start: start)
        machine = ChainMachine(
            runnable.chain,
            input: claim.body["input"] ?? .string(claim.content),
            conversation: ["id": .string(claim.conversation), "seq": .integer(claim.seq)],
            maximumParallel: runnable.maximumParallel
        )
        ledger = ChainLedger(
            chain: agent.name,
            progress: claim.progress,
            allowance: runnable.allowance,
            taskLeft: TaskAllowance(tokens: claim.task?.tokensLeft, cost: claim.task?.costLeft)
        )
        openCalls = transcript.openCalls
        storedNodes = claim.progress?.nodes.count ?? 0
    }

    /// Runs the turn to its end, or as far as it comes without waiting.
    mutating func run() async -> TurnEnd {
        do throws(Turn.Stop) {
            try await loop()
            return TurnEnd(nil, transcript)
        } catch {
            return TurnEnd(error, transcript)
        }
    }

    private mutating func loop() async throws(Turn.Stop) {
        try await takeInput()
        environment.emit(.started(agent: environment.agent.name, version: environment.agent.version))
        if claim.isStopped || claim.isOverdue || isOutOfTime { try await windDown() }
        var actions = machine.resume(
            from: (claim.progress?.nodes ?? []).compactMap(NodeRun.init(stored:)),
            hasBegun: ledger.hasBegun
        )
        while true {
            try await perform(actions)
            if let result = machine.result { return try await conclude(result) }
            actions = try await advance()
        }
    }

    private mutating func takeInput() async throws(Turn.Stop) {
        guard !transcript.hasStoredInput else { return }
        transcript.append(input: claim.content, of: claim.seq, isChanged: false)
        if let complaint = await environment.agent.complaint(aboutInput: claim.body["input"] ?? claim.body) {
            throw fail("input_invalid", complaint)
        }
    }

    // MARK: What the machine wants

    private mutating func perform(_ actions: [ChainAction]) async throws(Turn.Stop) {
        var cancelled: [String] = []
        for action in actions {
            switch action {
            case .start(let key, let work, let attempt):
                started[key] = chain.started(key, work, attempt: attempt)
                if offsets[key] == nil { offsets[key] = transcript.offset }
            case .store(let run): note(run)
            case .cancel(let key):
                cancelled += ledger.openGroups(of: key)
                started[key] = nil
            case .end: break
            }
        }
        try await stopTasks(in: cancelled)
    }

    /// Adds a visit that has ended to what is stored next.
    private mutating func note(_ run: NodeRun) {
        storedNodes += 1
        var node = run.json
        node["number"] = .integer(Int64(storedNodes))
        node["position"] = .integer(Int64(chain.position(of: run.key.node)))
        node["attempt"] = .integer(Int64(started[run.key]?.attempt ?? 1))
        node["task"] = ledger.firstTask(of: run.key).map { .integer(Int64($0)) }
        node["offset_ms"] = .number((offsets[run.key] ?? transcript.offset).milliseconds)
        transcript.append(
            node: node,
            Event.NodeVisit(
                node: run.key.node,
                visit: run.key.visit,
                status: run.status.rawValue,
                code: run.failure?.code
            )
        )
        started[run.key] = nil
    }

    /// Takes every node that has started a step further.
    ///
    /// - Returns: What the machine wants now that something has ended.
    private mutating func advance() async throws(Turn.Stop) -> [ChainAction] {
        var ended: [(key: NodeRun.Key, outcome: NodeOutcome)] = []
        var tasks: [TaskRequest] = []
        for key in started.keys.sorted() {
            guard let node = started[key] else { continue }
            let step = ledger.step(node)
            tasks += step.tasks
            calls += step.calls
            try await stopTasks(in: step.cancelled)
            if let ballots = step.ballots {
                guard let result = await environment.journal.count(ballots) else { throw .abandoned(.notStored) }
                ended.append((key, .succeeded(result)))
            } else if let outcome = step.outcome {
                ended.append((key, outcome))
            }
        }
        let allotted = ledger.allot(tasks)
        transcript.append(allotted ?? [])
        guard ended.isEmpty else { return ended.flatMap { machine.finish($0.key, $0.outcome) } }
        if allotted == nil { try endWithoutBudget() }
        if openCalls.contains(where: { $0.approval?.state == .pending }) { throw park() }
        guard calls.isEmpty, openCalls.isEmpty else {
            try await runCalls()
            return []
        }
        throw park()
    }
}

extension Chain {
    /// The place of a node in the order of the chain, from 1.
    fileprivate func position(of name: String) -> Int { nodes.first { $0.name == name }?.position ?? 1 }
}
