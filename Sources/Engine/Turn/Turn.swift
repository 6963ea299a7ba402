import Conversation
internal import JSON
import JSONSchema
import Models
import Orchestration
import Safety

/// One turn in progress: the loop of model calls and tool rounds over an agent that stays the same throughout.
///
/// A turn goes like this. Guardrails inspect the input, and it is checked against the agent's schema. Then the model is
/// asked, with the history and what the turn has added so far. If it asks for tools, a ``ToolRound`` runs all calls of the
/// answer, their results are added, and the model is asked again. If it answers, the answer is checked against the output
/// schema; one that does not fit goes back to the model, a bounded number of times. The loop ends with a reply, an error, a
/// limit or an interruption; each way out is a ``TurnEnd``.
///
/// A turn whose tools only read is stored when it ends, and begins again if it does not get there. Before a tool with an
/// effect runs, the turn and the intent are stored, and after it the result; another attempt resumes from there, and stops
/// where a call's outcome is not known. A turn that delegates is stored with its tasks and resumes when these have ended.
struct Turn {
    /// Why the loop stops before its end.
    enum Stop: Error {
        /// The transcript says how the turn ended.
        case over
        case parked
        case abandoned(TurnEnd.AbandonReason)
    }

    let environment: TurnEnvironment
    let gate: GuardrailGate
    var transcript: Transcript
    var context: ContextWindow
    var outputFailures = 0
    /// How many steps of a model that writes its calls could not be used.
    var stepFailures = 0
    /// The model that is asked: the agent's own, or the one that the turn fell back to and stays with.
    var model = 0
    /// How long the turn has waited for its models.
    var postponement: ModelPostponement

    var agent: Agent { environment.agent }
    var claim: ClaimedSubmission { environment.claim }
    var journal: TurnJournal { environment.journal }
    var taskLimits: TaskLimits { TaskLimits(of: claim, agent) }

    init(_ environment: TurnEnvironment, registry: AgentRegistry) {
        let (agent, claim, start) = (environment.agent, environment.claim, environment.start)
        self.environment = environment
        gate = GuardrailGate(
            agent: agent,
            judge: AgentJudge(registry: registry, epoch: claim.epoch, start: start),
            journal: environment.journal
        )
        transcript = Transcript(of: claim, by: agent, start: start)
        context = ContextWindow(of: claim, for: agent)
        // Where the turn cannot be left to others somebody waits for it, and is told soon that there is no answer.
        let postpone = agent.model.retry.postpone
        postponement = ModelPostponement(
            environment.journal.slot == nil ? min(postpone, Self.longestHold) : postpone,
            waited: claim.progress?.totals.postponed ?? .zero
        )
    }

    /// Runs the turn to its end.
    mutating func run() async -> TurnEnd {
        do throws(Stop) {
            try await loop()
            return TurnEnd(nil, transcript)
        } catch {
            return TurnEnd(error, transcript)
        }
    }

    private mutating func loop() async throws(Stop) {
        try await admitInput()
        try await checkInput()
        environment.emit(.started(agent: agent.name, version: agent.version))
        if let memories = claim.memories { transcript.show(memories) }
        try await resume()
        if claim.isOverdue { throw limit(TaskLimits.deadline) }
        try await compactIfNeeded()
        try await showBlocks()
        while transcript.modelCalls < agent.settings.maximumIterations {
            if transcript.modelCalls > 0 { await takeSteering() }
            if taskLimits.areReached(by: transcript.spent) { throw limit(TaskLimits.budget) }
            let response = try await callModel()
            if let complaint = response.complaint {
                try correct(response.message, complaint)
                continue
            }
            if response.finishReason == .length {
                try await conclude(.assistant(response.message.content), isWhole: false)
                throw limit("max_output_tokens")
            }
            if response.message.toolCalls.isEmpty {
                if try await accept(response.message), await !isSteeredOn() {
                    transcript.choose(GoToTool.choices(of: transcript.messages))
                    if let memory = agent.settings.memory, memory.store == .rule { transcript.remember(in: memory) }
                    return
                }
                continue
            }
            if let most = agent.settings.maximumTurnTokens, transcript.usage.input + transcript.usage.output > most {
                throw limit("max_turn_tokens")
            }
            // What was wrong with an earlier step of this kind is mended.
            if stepFailures > 0 { context.correction = [] }
            try await callTools(response.message)
        }
        throw limit("max_iterations")
    }

    // MARK: Input

    /// Has guardrails inspect what the user said, before anything else is done with it.
    ///
    /// What an earlier attempt has stored was inspected then. While an operator is asked nothing of the message is stored.
    private mutating func admitInput() async throws(Stop) {
        guard !transcript.hasStoredInput else { return }
        let content = claim.content
        let (verdict, findings) = await gate.inspect(content, at: .input, known: claim.progress?.inputApproval)
        transcript.append(findings)
        switch verdict {
        case .passed(let text): transcript.append(input: text, of: claim.seq, isChanged: text != content)
        case .blocked(let guardrail, let reply):
            withholdInput(guardrail)
            if !Task.isCancelled { throw block(guardrail, reply) }
        case .asks(let text, let questions):
            if claim.progress?.isInterrupted == true {
                withholdInput(questions.first?.guardrail)
                break
            }
            transcript.append(gate.approvalRequest(questions, about: text, at: .input))
            throw park(.approval)
        }
        if Task.isCancelled { throw interrupt() }
    }

    private mutating func withholdInput(_ guardrail: String?) {
        transcript.append(input: Guardrail.withheldMessage(by: guardrail), of: claim.seq, isChanged: true)
    }

    private mutating func checkInput() async throws(Stop) {
        guard !transcript.hasStoredInput else { return }
        if let complaint = await agent.complaint(aboutInput: claim.body["input"] ?? claim.body) {
            throw fail("input_invalid", complaint)
        }
    }

    /// Adds what was sent into the turn to the transcript, in order.
    ///
    /// A database that cannot be asked costs nothing: what is not taken up now is taken up later, or answered as a
    /// message of its own. The turn does not wait for an operator over a message: what would be asked about is withheld.
    ///
    /// - Returns: Whether there was anything.
    @discardableResult
    private mutating func takeSteering() async -> Bool {
        let messages = await journal.steering().filter { !transcript.steered.contains($0.seq) }
        for message in messages {
            let (verdict, findings) = await gate.inspect(message.content, at: .input, looksUp: false)
            transcript.append(findings)
            let text =
                switch verdict {
                case .passed(let text): text
                case .blocked(let guardrail, _): Guardrail.withheldMessage(by: guardrail)
                case .asks(_, let questions): Guardrail.withheldMessage(by: questions.first?.guardrail)
                }
            transcript.append(steering: text, of: message.seq, isChanged: text != message.content)
            environment.emit(.steered(text))
        }
        return !messages.isEmpty
    }

    /// Whether the turn resumes after its answer, since something was sent into it meanwhile.
    ///
    /// At the limit of model calls it does not: what it took up then would have no answer.
    private mutating func isSteeredOn() async -> Bool {
        guard transcript.modelCalls < agent.settings.maximumIterations, journal.wasSteered() else { return false }
        return await takeSteering()
    }

    // MARK: Tools

    /// Resumes the round that an earlier attempt has left.
    private mutating func resume() async throws(Stop) {
        if transcript.openCalls.isEmpty {
            if claim.isStopped { throw interrupt() }
            return
        }
        try await run(transcript.openCalls, StepRecord(.toolRound, offset: transcript.offset))
    }

    /// Runs the calls of an answer.
    private mutating func callTools(_ message: ChatMessage) async throws(Stop) {
        // What one guardrail blocks of the text beside the calls is left out.
        var text = ""
        if !message.content.isEmpty {
            let (verdict, findings) = await gate.inspect(message.content, at: .output, isWhole: false, looksUp: false)
            transcript.append(findings)
            text = verdict.text ?? ""
        }
        if !gate.streamsText, !text.isEmpty { environment.emit(.text(text)) }
        let step = StepRecord(.toolRound, offset: transcript.offset)
        let calls = CallPlanner(turn: environment).plan(
            .assistant(text, toolCalls: message.toolCalls),
            in: &transcript,
            offset: step.offset
        )
        try await run(calls, step)
    }

    private mutating func run(_ calls: [ToolCallRecord], _ step: StepRecord) async throws(Stop) {
        var driver = ToolRoundDriver(
            calls,
            step: step,
            of: environment,
            gate: gate,
            transcript: transcript,
            past: context.past
        )
        switch await driver.run(&transcript) {
        case .finished: try handOver(after: calls.count)
        case .parked: throw .parked
        case .interrupted: throw claim.isOverdue && !claim.isStopped ? limit(TaskLimits.deadline) : interrupt()
        case .abandoned(let reason): throw .abandoned(reason)
        }
    }

    /// Hands the turn over to another agent, when one of the calls that have just ended asks for it.
    private mutating func handOver(after count: Int) throws(Stop) {
        guard let handoff = agent.handoff, let next = HandoffTool.target(of: transcript.calls.suffix(count)) else {
            return
        }
        transcript.handOver(to: next, stays: handoff.isSticky, told: claim.progress?.told ?? 0)
        throw .parked
    }

    // MARK: Ends

    /// Gives the conversation up until an operator has decided.
    private mutating func park(_ reason: WaitReason) -> Stop {
        transcript.park(reason)
        return .parked
    }

    /// Ends the turn with a guardrail's reply.
    mutating func block(_ guardrail: String, _ reply: String) -> Stop {
        environment.emit(.text(reply))
        transcript.append(.assistant(reply))
        return fail("guardrail_blocked", "guardrail \(guardrail): \(reply)")
    }

    mutating func fail(_ code: String, _ message: String) -> Stop {
        transcript.fail(code, message)
        return .over
    }

    private mutating func limit(_ name: String) -> Stop {
        transcript.limit(name)
        return .over
    }

    mutating func interrupt() -> Stop {
        transcript.interrupt()
        return .over
    }
}
