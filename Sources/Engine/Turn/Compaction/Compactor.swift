import Conversation
import Definitions
import Models

/// Makes the summary that stands for messages: with the agent's model, or without one where there is none that can.
struct Compactor: Sendable {
    /// The agent; nil when it cannot be built.
    let agent: Agent?
    let source: CompactionSource
    /// When the turn or the operation began.
    let start: ContinuousClock.Instant

    /// Most bytes of a summary that is put together without a model.
    private static let extractionBytes = 6_144

    /// Makes the summary.
    ///
    /// - Returns: The result; nil when the calling task was cancelled.
    func run() async -> CompactionOutcome? {
        var step: StepRecord?
        if let agent, agent.provider.isLanguageModel {
            let (summary, call) = await ask(agent)
            step = call
            if Task.isCancelled { return nil }
            if let summary {
                if let record = record(summary, by: .model, step: call) { return .made(record) }
                step?.errorCode = "summary_too_long"
                step?.errorMessage = "the model's summary is longer than what it stands for"
            }
        }
        let extraction = Extraction(source: source, maximumBytes: min(Self.extractionBytes, source.bytes / 2))
        if let record = record(extraction.summary, by: .extraction, step: step) { return .made(record) }
        return .refused("the summary would be longer than what it stands for", step)
    }

    /// What is stored of a summary; nil for one that is empty or would make the context grow.
    private func record(_ summary: String, by maker: CompactionRecord.Maker, step: StepRecord?) -> CompactionRecord? {
        let bytes = ContextManager.message(summary: summary).estimatedBytes
        guard !summary.isEmpty, bytes < source.bytes else { return nil }
        return CompactionRecord(
            source: source,
            summary: summary,
            maker: maker,
            beforeTokens: estimator.tokens(forBytes: source.bytes),
            afterTokens: estimator.tokens(forBytes: bytes),
            step: step
        )
    }

    private var estimator: TokenEstimator { agent?.tokens ?? TokenEstimator() }

    /// Asks the model.
    ///
    /// A summary whose end does not say that it is whole stands for nothing: what it leaves out would be lost to the model.
    ///
    /// - Returns: The summary, or nil; then the step says why there is none.
    private func ask(_ agent: Agent) async -> (String?, StepRecord) {
        let prompt = CompactionPrompt(
            source: source,
            window: agent.model.contextWindow,
            maximumOutput: agent.settings.maximumOutputTokens,
            estimator: agent.tokens
        )
        let outcome = await ModelCall(agent: agent, kind: .compaction, start: start).run(prompt.request)
        var step = outcome.step
        guard case .success(let response) = outcome.result else { return (nil, step) }
        let summary = response.message.content.withoutNullCharacters
        if response.finishReason == .length {
            step.errorCode = "summary_cut"
            step.errorMessage = "the model's summary was cut off at the limit of tokens"
        } else if summary.isEmpty {
            step.errorCode = "summary_empty"
            step.errorMessage = "the model's summary was empty"
        } else {
            return (summary, step)
        }
        return (nil, step)
    }
}
