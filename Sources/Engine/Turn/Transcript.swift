import Conversation
internal import Definitions
internal import JSON

/// What a turn has come to: messages, calls, steps and events, which are only ever added to.
///
/// The calls of a round that has not ended belong to its ``ToolRound``; they are added with their answers.
struct Transcript: Sendable {
    /// Bytes that are stored of why a turn waits.
    private static let longestReason = 1_000

    private var record: TurnRecord
    private let start: ContinuousClock.Instant
    /// The calls of a round that an earlier attempt has left open.
    let openCalls: [ToolCallRecord]
    /// Whether an earlier attempt has stored what the user said.
    let hasStoredInput: Bool

    /// The transcript of a turn as its attempt finds it.
    ///
    /// - Parameters:
    ///   - claim: The turn's claim, with what earlier attempts have stored.
    ///   - agent: The agent that works on it.
    ///   - start: When the attempt began.
    init(of claim: ClaimedSubmission, by agent: Agent, start: ContinuousClock.Instant) {
        record = TurnRecord(beginning: claim)
        record.agent = agent.name
        record.agentVersion = agent.version
        record.agentVersionID = agent.versionID
        record.chainVersionID = agent.chainVersionID
        openCalls = record.toolCalls
        record.toolCalls = []
        hasStoredInput = claim.progress.map { !$0.messages.isEmpty } ?? false
        if !hasStoredInput { record.messages = [] }
        self.start = start
        record.begin()
    }

    /// The turn as it would be stored now.
    ///
    /// - Parameter round: The round that is under way; nil for none.
    func snapshot(with round: ToolRound? = nil) -> TurnRecord {
        var record = record
        if let round, !round.isAnswered { record.toolCalls += round.calls }
        record.duration = record.earlier.duration + start.duration(to: .now)
        return record
    }

    var messages: [ChatMessage] { record.messages }
    /// The call that was made last, after all that the user said.
    var lastCall: ToolCallRequest? {
        let said = record.messages.lastIndex { $0.role == .user } ?? record.messages.startIndex
        return record.messages[said...].last { !$0.toolCalls.isEmpty }?.toolCalls.last
    }
    var steered: [Int64] { record.steered }
    var usage: TokenUsage { record.usage }
    var cost: Double { record.cost }
    /// What this attempt has taken of tokens and money.
    var spent: (usage: TokenUsage, cost: Double) {
        record.steps.reduce((TokenUsage.zero, 0)) { ($0.0 + $1.usage, $0.1 + $1.cost) }
    }
    /// How often the model was called for an answer, in all attempts.
    var modelCalls: Int { record.modelCalls }
    /// How many calls were asked for, in all attempts.
    var toolCallCount: Int { record.toolCallCount }
    /// The number of the next step.
    var nextStep: Int { record.nextStep }
    /// Whether the database has a part of the turn.
    var isStored: Bool { record.stored.saves > 0 }
    /// From the attempt's beginning to now.
    var offset: Duration { start.duration(to: .now) }

    /// The calls of this attempt's rounds that have ended, in order.
    var calls: [ToolCallRecord] { record.toolCalls }

    /// How the calls of all attempts ended, by their ids.
    ///
    /// - Parameter progress: What earlier attempts have stored.
    func outcomes(after progress: TurnProgress?) -> [String: ModelRequest.CallOutcome] {
        var outcomes: [String: ModelRequest.CallOutcome] = [:]
        for call in progress?.earlierCalls ?? [] {
            outcomes[call.id] = .init(isError: call.state != .succeeded, code: call.code)
        }
        for call in calls { outcomes[call.request.id] = .init(isError: call.state != .succeeded, code: call.errorCode) }
        return outcomes
    }

    // MARK: Adding

    /// Adds what the user said, as the turn's first message.
    ///
    /// - Parameter isChanged: Whether it differs from what was submitted under `seq`, which is replaced then.
    mutating func append(input text: String, of seq: Int64, isChanged: Bool) {
        record.messages.append(.user(text))
        if isChanged { record.bodies[seq] = ["message": .storable(text)] }
    }

    /// Adds a message that was sent into the turn.
    mutating func append(steering text: String, of seq: Int64, isChanged: Bool) {
        record.messages.append(.user(text))
        record.events.append(EventRecord(.steered(by: seq), message: record.messages.count))
        record.steered.append(seq)
        if isChanged { record.bodies[seq] = ["message": .storable(text)] }
    }

    /// Adds a message of the model's.
    mutating func append(_ message: ChatMessage) {
        record.append(message)
    }

    mutating func append(_ step: StepRecord) {
        record.steps.append(step)
    }

    mutating func append(_ event: Event) {
        record.events.append(EventRecord(event))
    }

    /// Adds what guardrails have found, and the calls that were made for it.
    mutating func append(_ findings: GuardrailGate.Findings, of request: ToolCallRequest? = nil) {
        record.steps += findings.steps
        record.keep(findings.hits, of: request)
    }

    /// Adds what tools did inside of their calls.
    mutating func append(functionCalls: [FunctionCallRecord], securityEvents: [SecurityEventRecord]) {
        record.functionCalls += functionCalls
        record.securityEvents += securityEvents
    }

    /// Adds a request to an operator.
    mutating func append(_ request: ApprovalRequest) {
        record.approvals.append(request)
        let isCall = request.place == ApprovalRequest.callPlace
        let question = Event.ApprovalQuestion(
            call: request.call == 0 ? nil : request.call,
            tool: isCall ? request.request.name : nil,
            place: isCall ? nil : request.place,
            subject: request.decision.subject,
            rule: request.decision.rule
        )
        append(.approvalRequested(question))
    }

    /// Adds tasks that the turn delegates.
    mutating func append(_ tasks: [TaskRequest]) {
        record.tasks += tasks
    }

    /// Adds a visit of a node that has ended, as `agentctl.write_node_runs` reads it.
    mutating func append(node: JSONObject, _ visit: Event.NodeVisit) {
        record.nodes.append(.object(node))
        append(.nodeFinished(visit))
    }

    /// Whether there are tasks that the database does not have.
    var hasNewTasks: Bool { !record.tasks.isEmpty }

    /// Takes back tasks that the database does not have.
    ///
    /// - Parameter groups: The groups whose tasks are not needed any more.
    /// - Returns: Their numbers.
    mutating func takeBackTasks(in groups: [String]) -> [Int] {
        let numbers = record.tasks.filter { groups.contains($0.group) }.map(\.number)
        record.tasks.removeAll { numbers.contains($0.number) }
        return numbers
    }

    /// Notes how many tasks have not ended in a turn that is cancelled.
    mutating func note(openTasks: Int) {
        record.openTasks = openTasks
    }

    /// Adds the calls of a round, each with its one answer.
    mutating func append(answersOf round: ToolRound) {
        record.toolCalls += round.calls
        record.answerCalls()
    }

    /// Adds calls of a round that an earlier attempt has left and that does not resume, each with its one answer.
    mutating func answer(_ calls: [ToolCallRecord]) {
        guard !calls.isEmpty else { return }
        record.toolCalls += calls
        record.answerCalls()
    }

    /// Adds the calls of a round that ends without answers.
    mutating func append(openCallsOf round: ToolRound) {
        if !round.isAnswered { record.toolCalls += round.calls }
    }

    /// The database has all that is here.
    mutating func markStored() {
        record.markStored()
    }

    // MARK: Ends

    mutating func fail(_ code: String, _ message: String) {
        record.status = .failed
        record.errorCode = code
        record.errorMessage = message
    }

    mutating func limit(_ name: String) {
        record.status = .limited
        record.limitReached = name
    }

    mutating func interrupt() {
        record.status = .interrupted
    }

    mutating func park(_ reason: WaitReason) {
        record.status = .waiting
        record.errorCode = reason.errorCode
        append(.waiting(reason))
    }

    /// Notes whether the turn waits for an operator who was asked before.
    mutating func note(isAsked: Bool) {
        record.isAsked = isAsked
    }

    /// Notes the nodes of a chain that the agent chose to go to.
    mutating func choose(_ nodes: [String]) {
        record.chosen = nodes
    }

    /// Hands the turn over to another agent, whose attempt begins at once.
    ///
    /// - Parameters:
    ///   - agent: The agent.
    ///   - stays: Whether the conversation stays with it.
    ///   - told: How many ended tasks earlier attempts have read.
    mutating func handOver(to agent: String, stays: Bool, told: Int) {
        append(.handedOver(from: record.agent, to: agent))
        record.agent = agent
        record.agentVersion = nil
        record.handedTo = stays ? agent : nil
        record.status = .waiting
        record.errorCode = WaitReason.tasks.errorCode
        record.awaited = TurnRecord.AwaitedTasks(endings: 0, told: told)
    }

    /// Notes what the turn is shown of what is remembered.
    mutating func show(_ memories: TurnMemories) {
        guard memories.isNew, !memories.found.isEmpty || memories.reason != nil else { return }
        record.shown = memories.found
        let items = memories.found.map {
            Event.RecalledMemories.Item(id: $0.id, version: $0.version, relevance: $0.relevance)
        }
        append(.memoryRecalled(.init(items: items, by: memories.by, reason: memories.reason)))
    }

    /// Notes that the turn is remembered as an interaction, if it is important enough.
    mutating func remember(in settings: MemorySettings) {
        record.interaction = [
            "collection": .string(settings.collection), "above": .number(settings.storeAbove),
        ]
    }

    /// Notes a wait for a model.
    mutating func note(postponed wait: Duration) {
        record.earlier.postponed += wait
    }

    /// Parks the turn until a model may be asked again.
    ///
    /// It waits like one that waits for tasks: nothing but the time, or a person, wakes it.
    ///
    /// - Parameters:
    ///   - wait: How long it waits.
    ///   - error: Why; of a long text the beginning is stored.
    ///   - told: The number of ended tasks that earlier attempts have received.
    mutating func postpone(for wait: Duration, because error: String, told: Int) {
        park(.model)
        record.postponement = TurnRecord.Postponement(error: error.prefix(utf8: Self.longestReason), wait: wait)
        record.awaited = TurnRecord.AwaitedTasks(endings: 1, told: told)
    }

    mutating func await(_ tasks: TurnRecord.AwaitedTasks) {
        park(.tasks)
        record.awaited = tasks
    }
}
