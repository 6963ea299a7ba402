internal import JSON

/// One turn in progress: the loop of model calls and tool rounds over an agent that stays the same throughout.
///
/// A turn goes like this. The input is checked against the agent's schema. Then the model is asked, with the history and
/// what the turn has added so far. If it asks for tools, all calls of the answer run at once, their results are added,
/// and the model is asked again. If it answers, the answer is checked against the output schema; one that does not
/// fit goes back to the model, a bounded number of times. The loop ends with a reply, an error, a limit or an
/// interruption; each way out is a ``TurnRecord``, and none of them throws.
struct Turn {
    private let agent: Agent
    private let claim: ClaimedSubmission
    private let services: ToolServices
    private let emit: @Sendable (TurnEvent) -> Void
    private let start: ContinuousClock.Instant
    private(set) var record: TurnRecord
    /// An answer that did not fit and the request to mend it: shown to the model, not part of the transcript.
    private var correction: [ChatMessage] = []
    private var outputFailures = 0

    init(
        agent: Agent,
        claim: ClaimedSubmission,
        services: ToolServices,
        start: ContinuousClock.Instant,
        emit: @escaping @Sendable (TurnEvent) -> Void
    ) {
        self.agent = agent
        self.claim = claim
        self.services = services
        self.emit = emit
        self.start = start
        record = TurnRecord(agent: agent.name)
        record.agentVersion = agent.version
        record.agentVersionID = agent.versionID
    }

    /// Runs the turn to its end.
    mutating func run() async {
        record.messages.append(.user(claim.content))
        if let complaint = inputComplaint() {
            return fail("input_invalid", complaint)
        }
        emit(.started(agent: agent.name, version: agent.version))
        for _ in 0..<agent.settings.maximumIterations {
            guard let response = await callModel() else { return }
            if response.finishReason == .length {
                record.messages.append(.assistant(response.message.content))
                return limit("max_output_tokens")
            }
            if response.message.toolCalls.isEmpty {
                if accept(response.message) { return }
                continue
            }
            if let most = agent.settings.maximumTurnTokens, record.usage.input + record.usage.output > most {
                return limit("max_turn_tokens")
            }
            guard await callTools(response.message) else { return interrupt() }
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

    // MARK: Model

    private mutating func callModel() async -> ModelResponse? {
        var step = StepRecord(.modelCall, offset: start.duration(to: .now))
        step.model = agent.model.name
        step.modelVersionID = agent.model.versionID
        step.provider = agent.model.provider
        let began = ContinuousClock.now
        let result = await respond()
        step.duration = began.duration(to: .now)
        switch result {
        case .success(let response):
            step.finishReason = response.finishReason.rawValue
            step.usage = response.usage
            step.cost = agent.model.prices.cost(of: response.usage)
            step.timeToFirstToken = response.timeToFirstToken
            record.steps.append(step)
            return response
        case .failure(let error):
            step.errorCode = error.code.description
            step.errorMessage = error.message
            record.steps.append(step)
            if error.code == .cancelled {
                interrupt()
            } else {
                fail("model_\(error.code)", error.message)
            }
            return nil
        }
    }

    private func respond() async -> Result<ModelResponse, ModelError> {
        let emit = emit
        do throws(ModelError) {
            let response = try await agent.provider.respond(to: request) { delta in
                if case .text(let text) = delta { emit(.text(text)) }
            }
            return .success(response)
        } catch {
            return .failure(error)
        }
    }

    private var request: ModelRequest {
        let settings = agent.settings
        let window = ContextWindow(messageLimit: settings.historyLimit, contextWindow: agent.model.contextWindow)
        var messages: [ChatMessage] = []
        if !agent.systemPrompt.isEmpty { messages.append(.system(agent.systemPrompt)) }
        messages += window.select(from: claim.history)
        messages += record.messages
        messages += correction
        return ModelRequest(
            messages: messages,
            tools: agent.tools.specifications,
            temperature: settings.temperature,
            topP: settings.topP,
            presencePenalty: settings.presencePenalty,
            frequencyPenalty: settings.frequencyPenalty,
            maximumOutputTokens: settings.maximumOutputTokens,
            outputSchema: agent.outputSchemaDocument
        )
    }

    // MARK: Tools

    /// Runs the calls of one answer at once; false when the turn was cancelled meanwhile.
    private mutating func callTools(_ message: ChatMessage) async -> Bool {
        var step = StepRecord(.toolRound, offset: start.duration(to: .now))
        let began = ContinuousClock.now
        for call in message.toolCalls { emit(.toolStarted(call)) }
        let context = ToolContext(
            conversationID: claim.conversation,
            turnSequence: claim.seq,
            agent: agent.name,
            services: services,
            deadline: start.advanced(by: agent.settings.timeout)
        )
        let results: [ToolCallResult]
        do throws(CancellationError) {
            // Not on the worker's loop: a tool may take the processor for a while.
            results = try await withTaskExecutorPreference(globalConcurrentExecutor) { () throws(CancellationError) in
                try await agent.tools.call(message.toolCalls, in: context)
            }
        } catch {
            return false
        }
        step.duration = began.duration(to: .now)
        record.steps.append(step)
        record.messages.append(message)
        for result in results {
            emit(
                .toolFinished(
                    id: result.call.id,
                    name: result.call.name,
                    output: result.output.text,
                    isError: result.error != nil
                )
            )
            record.messages.append(result.message)
            record.toolCalls.append(stored(result, offset: step.offset))
        }
        return true
    }

    private func stored(_ result: ToolCallResult, offset: Duration) -> ToolCallRecord {
        ToolCallRecord(
            step: record.steps.count,
            request: result.call,
            toolVersionID: agent.toolVersions[result.call.name],
            effect: agent.tools.tool(named: result.call.name)?.effect ?? .pure,
            state: result.error == nil ? .succeeded : .failed,
            result: result.output.text,
            isTruncated: result.output.truncated,
            errorCode: result.error?.code.description,
            offset: offset,
            duration: result.duration
        )
    }

    // MARK: Ends

    /// Takes an answer as the reply; false when it does not fit the output schema and the model is to try again.
    private mutating func accept(_ message: ChatMessage) -> Bool {
        guard let complaint = outputComplaint(message.content) else {
            record.messages.append(message)
            return true
        }
        var step = StepRecord(.validation, offset: start.duration(to: .now))
        step.errorCode = "output_invalid"
        step.errorMessage = complaint
        record.steps.append(step)
        outputFailures += 1
        guard outputFailures <= agent.settings.outputRetries else {
            fail("output_invalid", complaint)
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

    private mutating func fail(_ code: String, _ message: String) {
        record.status = .failed
        record.errorCode = code
        record.errorMessage = message
    }

    private mutating func limit(_ name: String) {
        record.status = .limited
        record.limitReached = name
    }

    private mutating func interrupt() {
        record.status = .interrupted
    }
}

extension ClaimedSubmission {
    /// What the user said: the message, or the structured input as JSON.
    var content: String {
        body["message"]?.stringValue ?? body["input"]?.text ?? ""
    }
}
