internal import JSON
import JSONSchema

/// One turn in progress: the loop of model calls and tool rounds over an agent that stays the same throughout.
///
/// A turn goes like this. The input is checked against the agent's schema. Then the model is asked, with the history and
/// what the turn has added so far. If it asks for tools, all calls of the answer run at once, their results are added,
/// and the model is asked again. If it answers, the answer is checked against the output schema; one that does not
/// fit goes back to the model, a bounded number of times. The loop ends with a reply, an error, a limit or an
/// interruption; each way out is a ``TurnRecord``, and none of them throws.
///
/// A turn whose tools only read is stored when it ends, and begun anew if it does not get there. Before a tool with an
/// effect runs, the turn and the intent are stored, and after it the result; another attempt goes on from there, and stops
/// where a call's outcome is not known.
struct Turn {
    let agent: Agent
    let claim: ClaimedSubmission
    let services: ToolServices
    let journal: TurnJournal
    let start: ContinuousClock.Instant
    let emit: @Sendable (TurnEvent) -> Void
    let recorder = CallRecorder()
    let context: ContextManager
    /// Where agents come from that judge.
    let registry: AgentRegistry
    /// The messages before the turn that the model may be shown.
    var past: ArraySlice<ChatMessage>
    /// What stands for those before them.
    var summary: String?
    var record: TurnRecord
    /// An answer that did not fit and the request to mend it: shown to the model, not part of the transcript.
    var correction: [ChatMessage] = []
    /// Why the attempt was given up, once it was.
    private var abandonReason: TurnEnd.AbandonReason?
    private var outputFailures = 0

    init(
        agent: Agent,
        claim: ClaimedSubmission,
        registry: AgentRegistry,
        services: ToolServices,
        journal: TurnJournal,
        start: ContinuousClock.Instant,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) {
        self.agent = agent
        self.claim = claim
        self.registry = registry
        self.services = services
        self.journal = journal
        self.emit = emit
        self.start = start
        context = ContextManager(agent: agent)
        past = context.past(of: claim.history)
        summary = claim.summary
        record = TurnRecord(beginning: claim)
        record.agent = agent.name
        record.agentVersion = agent.version
        record.agentVersionID = agent.versionID
    }

    /// Runs the turn to its end.
    mutating func run() async -> TurnEnd {
        await attempt()
        if let abandonReason { return .abandoned(record, abandonReason) }
        if record.status == .waiting { return .parked(record) }
        return Task.isCancelled && record.status != .succeeded ? .cancelled(record) : .finished(record)
    }

    private mutating func attempt() async {
        record.begin()
        guard await admitInput() else { return }
        if record.stored.messages == 0, let complaint = inputComplaint() {
            return fail("input_invalid", complaint)
        }
        emit(.started(agent: agent.name, version: agent.version))
        guard await goOn(), await makeRoom() else { return }
        while record.modelCalls < agent.settings.maximumIterations {
            if record.modelCalls > 0 { await takeSteering() }
            guard let response = await callModel() else { return }
            if response.finishReason == .length {
                await conclude(.assistant(response.message.content), isWhole: false)
                if record.status == .succeeded { limit("max_output_tokens") }
                return
            }
            if response.message.toolCalls.isEmpty {
                if await accept(response.message), await !isSteeredOn() { return }
                continue
            }
            if let most = agent.settings.maximumTurnTokens, record.usage.input + record.usage.output > most {
                return limit("max_turn_tokens")
            }
            guard await callTools(await admit(response.message)) else { return }
        }
        limit("max_iterations")
    }

    private func inputComplaint() -> String? {
        guard let schema = agent.inputSchema else { return nil }
        let input = claim.body["input"] ?? claim.body
        return Self.complaint(schema.validate(input))
    }

    private static func complaint(_ violations: [JSONSchemaViolation]) -> String? {
        guard !violations.isEmpty else { return nil }
        return violations.prefix(10).map(\.description).joined(separator: "; ")
    }

    /// Takes an answer as the reply; false when it does not fit the output schema and the model is to try again.
    private mutating func accept(_ message: ChatMessage) async -> Bool {
        guard let complaint = outputComplaint(message.content) else {
            await conclude(message)
            return true
        }
        var step = StepRecord(.validation, offset: start.duration(to: .now))
        step.errorCode = "output_invalid"
        // A complaint quotes the answer, which nobody has looked at.
        let told = tellsPieces ? complaint : "it does not fit the output schema"
        step.errorMessage = told
        record.steps.append(step)
        outputFailures += 1
        guard outputFailures <= agent.settings.outputRetries else {
            fail("output_invalid", told)
            return true
        }
        emit(.reset)
        correction = [
            message,
            .user(
                "Your answer does not fit the required JSON Schema: \(complaint). Answer with the corrected JSON only."
            ),
        ]
        return false
    }

    private func outputComplaint(_ text: String) -> String? {
        guard let schema = agent.outputSchema else { return nil }
        do throws(JSONParseError) {
            return Self.complaint(schema.validate(try JSONValue(parsing: text)))
        } catch {
            return "the answer is not JSON: \(error)"
        }
    }

    // MARK: Ends

    mutating func fail(_ code: String, _ message: String) {
        record.status = .failed
        record.errorCode = code
        record.errorMessage = message
    }

    private mutating func limit(_ name: String) {
        record.status = .limited
        record.limitReached = name
    }

    mutating func abandon(_ reason: TurnEnd.AbandonReason) {
        abandonReason = abandonReason ?? reason
    }

    mutating func interrupt() {
        record.status = .interrupted
    }
}

extension ClaimedSubmission {
    /// What the user said: the message, or the structured input as JSON.
    var content: String {
        body["message"]?.stringValue ?? body["input"]?.text ?? ""
    }
}
