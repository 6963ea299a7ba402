import Conversation
import Models

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
    }

    /// The agent whose model is called.
    package let agent: Agent
    /// What the call is for.
    package let kind: StepRecord.Kind
    /// When the turn or the operation began; the step's offset counts from it.
    package let start: ContinuousClock.Instant
    /// How long the model may take; nil for as long as its provider allows.
    package var timeout: Duration?

    /// Calls the model and waits for its whole answer.
    ///
    /// - Parameters:
    ///   - request: What the model is asked.
    ///   - emit: Receives each piece of the answer as it arrives; it must not block. The pieces are void if the call fails.
    /// - Returns: The answer or a ``ModelError``, and the step. The error's code is `cancelled` when the calling task was
    ///   cancelled, and `timeout` when the model took longer than ``timeout``.
    package func run(
        _ request: ModelRequest,
        emit: @escaping @Sendable (ModelDelta) -> Void = { _ in }
    ) async -> Outcome {
        var step = StepRecord(kind, offset: start.duration(to: .now))
        step.model = agent.model.name
        step.modelVersionID = agent.model.versionID
        step.provider = agent.model.provider
        let began = ContinuousClock.now
        let result = await respond(to: request, emit: emit)
        step.duration = began.duration(to: .now)
        switch result {
        case .success(let response):
            step.finishReason = response.finishReason.rawValue
            step.usage = response.usage
            step.cost = agent.model.prices.cost(of: response.usage)
            step.timeToFirstToken = response.timeToFirstToken
        case .failure(let error):
            step.errorCode = error.code.description
            step.errorMessage = error.message
            step.finishReason = error.finishReason
        }
        return Outcome(result: result, step: step)
    }

    private func respond(
        to request: ModelRequest,
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
