import JSON
import Testing

@testable import Conversation
@testable import Models

/// What is said about a model whose answers fail, or are cut.
@Suite struct ModelProbeTests {
    /// Answers in words, and something else where a schema is asked for.
    private struct Fake: ModelProvider {
        var failure: ModelError?
        var finishReason = FinishReason.stop

        func respond(
            to request: ModelRequest,
            onDelta: @escaping @Sendable (ModelDelta) -> Void
        ) async throws(ModelError) -> ModelResponse {
            if request.outputSchema != nil, let failure { throw failure }
            let text = finishReason == .length ? "" : "4711"
            return ModelResponse(message: .assistant(text), finishReason: finishReason, usage: .zero)
        }
    }

    @Test(arguments: [
        (ModelError(.invalidRequest, "response_format is not supported", status: 400), true),
        (ModelError(.invalidRequest, "Unsupported parameter: 'max_tokens'", status: 400), false),
        (ModelError(.rateLimited, "Too many.", status: 429), false), (ModelError(.timeout, "Too slow."), false),
    ])
    func onlyARefusalSaysThatSchemasAreNotTaken(error: ModelError, isSaid: Bool) async {
        var probe = ModelProbe(Fake(failure: error))
        let report = await probe.run()
        #expect(report.failure == error)
        #expect(report.fields.contains("structured_output: none") == isSaid)
    }

    @Test func anAnswerThatWasCutIsNoAbility() async {
        var probe = ModelProbe(Fake(finishReason: .length))
        let trials = await probe.run().trials.filter { ![.stream, .usage].contains($0.ability) }
        #expect(trials.map(\.ability) == [.chat, .tools, .parallelCalls, .schema])
        #expect(trials.allSatisfy { $0.outcome == .isMissing && $0.detail.contains("cut after 2048 tokens") })
    }
}
