import Conversation
import Models
import Safety
internal import Synchronization

/// One call to an agent's model, or to one that it falls back to, and the only place that asks a provider.
///
/// A turn, a compaction and a judge all call models through it, so that each call is tried again, falls back, is timed,
/// priced and recorded alike.
struct ModelCall: Sendable {
    /// The result of a call.
    package struct Outcome: Sendable {
        /// The answer, or why there is none.
        package let result: Result<ModelResponse, ModelError>
        /// The call as it is stored, also when it failed.
        package let step: StepRecord
        /// The attempts that failed before it.
        package var attempts: [StepRecord] = []
        /// The model that was asked last: an index of ``Agent/model(at:)``.
        package var model = 0
        /// The models that were given up, in order.
        package var changes: [Event] = []
        /// The failure of the model that can be asked again first, of those that only have no room for the request now.
        package var passing: ModelError?
    }

    /// An attempt that failed and that another one follows.
    package struct FailedAttempt: Sendable {
        /// Why it failed.
        package let error: ModelError
        /// The model that was asked.
        package let model: String
        /// Its number, from 1.
        package let number: Int
        /// How long the next one is waited for.
        package let wait: Duration
        /// The model that is asked next.
        package let next: String
        /// Whether a piece of text was emitted, which is void.
        package let hasEmitted: Bool
    }

    /// The agent whose model is called.
    package let agent: Agent
    /// What the call is for.
    package let kind: StepRecord.Kind
    /// When the turn or the operation began; the step's offset counts from it.
    package let start: ContinuousClock.Instant
    /// How long the models may take, with all attempts; nil for as long as their providers allow.
    package var timeout: Duration?
    /// The model that is asked first: an index of ``Agent/model(at:)``.
    package var first = 0
    /// The longest wait between two attempts; nil for what the model's patience leaves.
    package var longestWait: Duration?
    var clock = ModelClock()

    /// Calls the model and waits for its whole answer.
    ///
    /// A failure that passes is followed by another attempt, a bounded number of times, and then by one of the models that
    /// the agent falls back to; after an answer there is none.
    ///
    /// - Parameters:
    ///   - request: What the model is asked.
    ///   - emit: Receives each piece of the answer as it arrives; it must not block. The pieces are void if the attempt
    ///     fails.
    ///   - note: Receives each attempt that failed and that another one follows.
    /// - Returns: The answer or a ``ModelError``, and the step. The error's code is `cancelled` when the calling task was
    ///   cancelled, and `timeout` when the model took longer than ``timeout``.
    package func run(
        _ request: ModelRequest,
        emit: @escaping @Sendable (ModelDelta) -> Void = { _ in },
        noting note: (FailedAttempt) -> Void = { _ in }
    ) async -> Outcome {
        let began = clock.now
        var index = first
        var failed: [StepRecord] = []
        var changes: [Event] = []
        var passing: ModelError?
        while true {
            let asked = agent.model(at: index)
            let said = SaidText()
            let last = await ask(asked, request, since: began, said, emit: emit, failed: &failed, noting: note)
            if case .failure(let error) = last.result { passing = ModelPostponement.first(passing, error) }
            guard case .failure(let error) = last.result, !Task.isCancelled,
                let next = agent.fallback(from: index, after: error),
                timeout.map({ clock.now - began < $0 }) ?? true
            else {
                return Outcome(
                    result: last.result,
                    step: last.step,
                    attempts: failed,
                    model: index,
                    changes: changes,
                    passing: passing
                )
            }
            var step = last.step
            step.kind = .modelAttempt
            // Nobody was asked.
            if error.code != .circuitOpen { failed.append(step) }
            let (old, new) = (asked.model.name, agent.model(at: next).model.name)
            let reason = error.fallbackReason?.rawValue ?? ""
            changes.append(.modelChanged(from: old, to: new, reason: reason))
            note(
                FailedAttempt(
                    error: error,
                    model: old,
                    number: failed.count,
                    wait: .zero,
                    next: new,
                    hasEmitted: !said.text.isEmpty
                )
            )
            index = next
        }
    }

    /// Asks one model, as often as makes sense.
    private func ask(
        _ asked: AgentModel,
        _ request: ModelRequest,
        since began: Duration,
        _ said: SaidText,
        emit: @escaping @Sendable (ModelDelta) -> Void,
        failed: inout [StepRecord],
        noting note: (FailedAttempt) -> Void
    ) async -> (result: Result<ModelResponse, ModelError>, step: StepRecord) {
        var request = request
        // Marks would be part of what rules answer with.
        if agent.marksOutputs, !asked.provider.isLanguageModel { request.messages = request.messages.map(\.unmarked) }
        var attempts = ModelAttempts(asked.model.retry, longestWait: longestWait, by: clock)
        while true {
            said.clear()
            let rest = timeout.map { max(.zero, $0 - (clock.now - began)) }
            var (result, step, isLast) = await admitted(asked, request, within: rest) { delta in
                if case .text(let text) = delta { said.append(text) }
                emit(delta)
            }
            guard case .failure(let error) = result, !isLast, !Task.isCancelled,
                let wait = attempts.next(after: error, saying: said.text),
                timeout.map({ clock.now - began + wait < $0 }) ?? true
            else {
                if case .failure(let error) = result { result = .failure(error.after(attempts: attempts.failed)) }
                return (result, step)
            }
            step.kind = .modelAttempt
            failed.append(step)
            note(
                FailedAttempt(
                    error: error,
                    model: asked.model.name,
                    number: failed.count,
                    wait: wait,
                    next: asked.model.name,
                    hasEmitted: !said.text.isEmpty
                )
            )
            await clock.sleep(wait)
        }
    }

    /// Asks a model once, if its endpoint may be asked.
    ///
    /// - Returns: The answer, the call as it is stored, and whether it makes no sense to ask again at once.
    private func admitted(
        _ asked: AgentModel,
        _ request: ModelRequest,
        within rest: Duration?,
        emit: @escaping @Sendable (ModelDelta) -> Void
    ) async -> (Result<ModelResponse, ModelError>, StepRecord, isLast: Bool) {
        let endpoint = asked.model.endpoint
        switch await agent.endpoints.admission(to: endpoint, within: asked.model.totalTimeout) {
        case .refused(let wait):
            let error = ModelError(
                .circuitOpen,
                "the server of model \"\(asked.model.name)\" is not asked for now, since it failed often",
                retryAfter: wait
            )
            var step = step(for: asked.model)
            step.note(error)
            return (.failure(error), step, true)
        case .probe(let probe):
            let (result, step) = await attempt(asked, request, within: rest, emit: emit)
            await agent.endpoints.end(probe, at: endpoint, result.error)
            return (result, step, true)
        case .granted:
            let (result, step) = await attempt(asked, request, within: rest, emit: emit)
            if result.error != Self.isLate {
                await agent.endpoints.count(result.error, at: endpoint, after: step.duration)
            }
            return (result, step, false)
        }
    }

    /// The caller has no more time, which says nothing of the server.
    private static let isLate = ModelError(.timeout, "the model did not answer in time")

    private func step(for model: Model) -> StepRecord {
        var step = StepRecord(kind, offset: start.duration(to: .now))
        step.model = model.name
        step.modelVersionID = model.versionID
        step.provider = model.provider
        return step
    }

    private func attempt(
        _ asked: AgentModel,
        _ request: ModelRequest,
        within timeout: Duration?,
        emit: @escaping @Sendable (ModelDelta) -> Void
    ) async -> (Result<ModelResponse, ModelError>, StepRecord) {
        var step = step(for: asked.model)
        if Task.isCancelled {
            let error = ModelError(.cancelled, "the call was cancelled")
            step.note(error)
            return (.failure(error), step)
        }
        let began = ContinuousClock.now
        let result = await respond(asked.provider, to: request, within: timeout, emit: emit)
        step.duration = began.duration(to: .now)
        switch result {
        case .success(let response):
            step.finishReason = response.finishReason.rawValue
            step.usage = response.usage
            step.cost = asked.model.prices.cost(of: response.usage)
            step.timeToFirstToken = response.timeToFirstToken
        case .failure(let error): step.note(error)
        }
        return (result, step)
    }

    private func respond(
        _ provider: any ModelProvider,
        to request: ModelRequest,
        within timeout: Duration?,
        emit: @escaping @Sendable (ModelDelta) -> Void
    ) async -> Result<ModelResponse, ModelError> {
        guard let timeout else { return await Self.answer(of: provider, to: request, emit: emit) }
        return await withTaskGroup(of: Result<ModelResponse, ModelError>?.self) { group in
            group.addTask { await Self.answer(of: provider, to: request, emit: emit) }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            let isCancelled = Task.isCancelled
            return .failure(isCancelled ? ModelError(.cancelled, "the call was cancelled") : Self.isLate)
        }
    }

    private static func answer(
        of provider: any ModelProvider,
        to request: ModelRequest,
        emit: @escaping @Sendable (ModelDelta) -> Void
    ) async -> Result<ModelResponse, ModelError> {
        do throws(ModelError) {
            return .success(try await provider.respond(to: request, onDelta: emit))
        } catch {
            return .failure(error)
        }
    }
}

/// What a model has said in one attempt.
private final class SaidText: Sendable {
    private let pieces = Mutex("")

    var text: String { pieces.withLock { $0 } }

    func append(_ piece: String) {
        pieces.withLock { $0 += piece }
    }

    func clear() {
        pieces.withLock { $0 = "" }
    }
}

extension Result where Failure == ModelError {
    fileprivate var error: ModelError? {
        if case .failure(let error) = self { error } else { nil }
    }
}

extension StepRecord {
    fileprivate mutating func note(_ error: ModelError) {
        errorCode = error.code.description
        errorMessage = error.message
        finishReason = error.finishReason
    }
}
