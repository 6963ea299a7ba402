import Conversation
import Models

// How a turn asks its models.
extension Turn {
    /// A wait for which a turn keeps its place in the worker: to store it and to claim it again costs more.
    static let longestHold = Duration.seconds(10)

    /// Has the oldest messages summarized before the first call to the model, when the context is too full.
    mutating func compactIfNeeded() async throws(Stop) {
        guard transcript.modelCalls == 0, !transcript.isStored, context.isTooFull(with: transcript.messages) else {
            return
        }
        let (step, isHeld) = await context.compact(in: environment)
        if let step { transcript.append(step) }
        if !isHeld { throw .abandoned(.notStored) }
        if Task.isCancelled { throw interrupt() }
    }

    /// What the model is asked next.
    func request() -> ModelRequest {
        let messages = context.messages(with: transcript.messages)
        var request = agent.request(messages, mayDelegate: taskLimits.depthLeft > 0)
        request.lastCall = transcript.lastCall
        if agent.planProvider != nil { request.outcomes = transcript.outcomes(after: claim.progress) }
        return request
    }

    /// Asks the model, and those that it falls back to, until one answers.
    ///
    /// A request that is too long for all of them is shortened once. Where they have no room for it, or are not asked for
    /// now, the turn waits.
    mutating func callModel() async throws(Stop) -> ModelResponse {
        while true {
            let request = request()
            let outcome = await ask(request)
            model = outcome.model
            for attempt in outcome.attempts { transcript.append(attempt) }
            for change in outcome.changes { transcript.append(change) }
            guard case .failure(let error) = outcome.result, error.code != .cancelled else {
                transcript.append(outcome.step)
                guard let response = try? outcome.result.get() else { throw interrupt() }
                agent.model(at: model).tokens.learn(bytes: context.bytes(of: request.messages), usage: response.usage)
                return response
            }
            if error.code == .contextExceeded, context.shorten(below: request.messages) {
                transcript.append(outcome.step.asAttempt)
                continue
            }
            if let wait = outcome.passing.flatMap({ postponement.wait(after: $0) }) {
                if error.code != .circuitOpen { transcript.append(outcome.step.asAttempt) }
                try await postpone(for: wait, because: error)
                continue
            }
            transcript.append(outcome.step)
            throw fail("model_\(error.code)", error.message)
        }
    }

    private func ask(_ request: ModelRequest) async -> ModelCall.Outcome {
        let (emit, streamsText, environment) = (environment.emit, gate.streamsText, environment)
        var call = ModelCall(agent: agent, kind: .modelCall, start: environment.start)
        call.first = model
        // What is waited for longer is waited for without a worker's slot.
        if journal.slot != nil { call.longestWait = Self.longestHold }
        return await call.run(request) { delta in
            if case .text(let text) = delta, streamsText { emit(.text(text)) }
        } noting: { attempt in
            if attempt.hasEmitted, streamsText { emit(.reset) }
            emit(
                .modelFailed(
                    model: attempt.model,
                    error: attempt.error.message,
                    next: attempt.next,
                    wait: attempt.wait
                )
            )
            environment.note(attempt)
        }
    }

    /// Waits for a model: here for a short time; else as a turn that is stored and that any worker resumes.
    private mutating func postpone(for wait: Duration, because error: ModelError) async throws(Stop) {
        environment.note(postponedFor: wait, because: error)
        let name = agent.model(at: model).model.name
        environment.emit(.modelFailed(model: name, error: error.message, next: agent.model.name, wait: wait))
        transcript.note(postponed: wait)
        // Whoever resumes begins with the agent's own model again.
        model = 0
        if wait <= Self.longestHold {
            do { try await Task.sleep(for: wait) } catch { throw interrupt() }
        } else {
            transcript.postpone(for: wait, because: error.message, told: claim.progress?.told ?? 0)
            throw .parked
        }
    }
}

extension StepRecord {
    /// The call as one that another one follows.
    fileprivate var asAttempt: StepRecord {
        var step = self
        step.kind = .modelAttempt
        return step
    }
}
