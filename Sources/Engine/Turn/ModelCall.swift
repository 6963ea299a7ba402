import Conversation
import Models
internal import Synchronization

/// One call to an agent's model, and the only place that asks a provider.
///
/// A turn, a compaction and a judge all call models through it, so that each call is timed, priced and recorded alike.
struct ModelCall: Sendable {
    /// The result of a call.
    package struct Outcome: Sendable {
        /// The answer, or why there is none.
        package let result: Result<ModelResponse, ModelError>
        /// The call as it is stored, also when it failed.
        package let step: StepRecord
        /// The attempts that failed before it.
        package var attempts: [StepRecord] = []
    }

    /// An attempt that failed and that another one follows.
    package struct FailedAttempt: Sendable {
        /// Why it failed.
        package let error: ModelError
        /// Its number, from 1.
        package let number: Int
        /// How long the next one is waited for.
        package let wait: Duration
        /// Whether a piece of text was emitted, which is void.
        package let hasEmitted: Bool
    }

    /// The agent whose model is called.
    package let agent: Agent
    /// What the call is for.
    package let kind: StepRecord.Kind
    /// When the turn or the operation began; the step's offset counts from it.
    package let start: ContinuousClock.Instant
    /// How long the model may take, with all attempts; nil for as long as its provider allows.
    package var timeout: Duration?
    /// When it is asked again.
    var retry = ModelRetry()

    /// Calls the model and waits for its whole answer.
    ///
    /// A failure that passes is followed by another attempt, a bounded number of times; after an answer there is none.
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
        let began = retry.now
        var attempts = ModelRetry.Attempts(retry)
        var failed: [StepRecord] = []
        while true {
            let said = SaidText()
            let rest = timeout.map { max(.zero, $0 - (retry.now - began)) }
            var (result, step) = await attempt(request, within: rest) { delta in
                if case .text(let text) = delta { said.append(text) }
                emit(delta)
            }
            guard case .failure(let error) = result, !Task.isCancelled,
                let wait = attempts.next(after: error, saying: said.text),
                timeout.map({ retry.now - began + wait < $0 }) ?? true
            else {
                if case .failure(let error) = result { result = .failure(error.after(attempts: failed.count + 1)) }
                return Outcome(result: result, step: step, attempts: failed)
            }
            step.kind = .modelAttempt
            failed.append(step)
            note(FailedAttempt(error: error, number: failed.count, wait: wait, hasEmitted: !said.text.isEmpty))
            await retry.sleep(wait)
        }
    }

    private func attempt(
        _ request: ModelRequest,
        within timeout: Duration?,
        emit: @escaping @Sendable (ModelDelta) -> Void
    ) async -> (Result<ModelResponse, ModelError>, StepRecord) {
        var step = StepRecord(kind, offset: start.duration(to: .now))
        step.model = agent.model.name
        step.modelVersionID = agent.model.versionID
        step.provider = agent.model.provider
        if Task.isCancelled {
            let error = ModelError(.cancelled, "the call was cancelled")
            step.note(error)
            return (.failure(error), step)
        }
        let began = ContinuousClock.now
        let result = await respond(to: request, within: timeout, emit: emit)
        step.duration = began.duration(to: .now)
        switch result {
        case .success(let response):
            step.finishReason = response.finishReason.rawValue
            step.usage = response.usage
            step.cost = agent.model.prices.cost(of: response.usage)
            step.timeToFirstToken = response.timeToFirstToken
        case .failure(let error): step.note(error)
        }
        return (result, step)
    }

    private func respond(
        to request: ModelRequest,
        within timeout: Duration?,
        emit: @escaping @Sendable (ModelDelta) -> Void
    ) async -> Result<ModelResponse, ModelError> {
        guard let timeout else { return await ask(request, emit: emit) }
        return await withTaskGroup(of: Result<ModelResponse, ModelError>?.self) { group in
            group.addTask { await ask(request, emit: emit) }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            let isCancelled = Task.isCancelled
            return .failure(
                isCancelled
                    ? ModelError(.cancelled, "the call was cancelled")
                    : ModelError(.timeout, "the model did not answer in time")
            )
        }
    }

    private func ask(
        _ request: ModelRequest,
        emit: @escaping @Sendable (ModelDelta) -> Void
    ) async -> Result<ModelResponse, ModelError> {
        do throws(ModelError) {
            return .success(try await agent.provider.respond(to: request, onDelta: emit))
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
}

extension StepRecord {
    fileprivate mutating func note(_ error: ModelError) {
        errorCode = error.code.description
        errorMessage = error.message
        finishReason = error.finishReason
    }
}
