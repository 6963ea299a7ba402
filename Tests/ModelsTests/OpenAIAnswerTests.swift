import Testing

@testable import Conversation
@testable import Models
@testable import Wire

/// What becomes of a server's answer once the codec has read it.
@Suite struct OpenAIAnswerTests {
    @Test func theOutputLimitHasTheNameThatTheModelNeeds() {
        var model = Model(name: "gpt", versionID: 1, provider: "openai", modelID: "m-1")
        model.outputLimitMember = .maximumCompletionTokens
        let asked = ModelRequest(messages: [.user("Hello")], maximumOutputTokens: 7)
        let request = ChatCompletionRequest(asked, to: model)
        let expected = ChatCompletionRequest(
            modelID: "m-1",
            content: asked,
            outputLimitMember: .maximumCompletionTokens,
            isStreaming: true,
            includesUsage: true
        )
        #expect(request == expected)
    }

    @Test func usageThatTheServerLeavesOutIsEstimated() {
        let request = ModelRequest(messages: [.user("Hello")])
        let answer = ServerAnswer(message: .assistant("Hello there"), finishReason: .stop)
        let response = ModelResponse(answer, to: request)
        #expect(response.usage == TokenUsage(input: 2, output: 3, isEstimated: true))
        let counted = ServerAnswer(
            message: .assistant("Hello there"),
            finishReason: .stop,
            usage: TokenUsage(input: 9, output: 4),
            modelID: "m-1"
        )
        let expected = ModelResponse(
            message: .assistant("Hello there"),
            finishReason: .stop,
            usage: TokenUsage(input: 9, output: 4),
            timeToFirstToken: .seconds(1),
            modelID: "m-1"
        )
        #expect(ModelResponse(counted, to: request, timeToFirstToken: .seconds(1)) == expected)
    }

    private static func ended(_ code: ModelError.Code, _ message: String, _ reason: String) -> ModelError {
        ModelError(code, "\(message) (finish_reason: \(reason))", serverCode: reason, finishReason: reason)
    }

    static let errors: [(answer: ServerAnswerError, error: ModelError)] = [
        (.malformed("chunk 1 of the answer"), ModelError(.malformed, "chunk 1 of the answer")),
        (.truncated("it broke off"), ModelError(.truncated, "it broke off")),
        (.tooLarge("too many calls"), ModelError(.tooLarge, "too many calls")),
        (
            .ended(.init(kind: .filtered, reason: "SAFETY")),
            ended(.contentFiltered, "the server's content filter stopped the answer", "SAFETY")
        ),
        (
            .ended(.init(kind: .serverFailed, reason: "network_error")),
            ended(.server, "the server failed in the middle of the answer", "network_error")
        ),
        (
            .ended(.init(kind: .malformed, reason: "malformed_function_call")),
            ended(.malformed, "the server could not read what the model wrote", "malformed_function_call")
        ),
        (.ended(.init(kind: .brokeOff, reason: "abort")), ended(.truncated, "the answer broke off", "abort")),
        (
            .reported(ServerErrorReport(message: "Overloaded", type: "server_error")),
            ModelError(.server, "the server reported an error (server_error): Overloaded", serverCode: "server_error")
        ),
        (
            .reported(ServerErrorReport(message: "model not loaded")),
            ModelError(.server, "the server reported an error: model not loaded")
        ),
        (
            .reported(ServerErrorReport(message: "Too long", status: 400)),
            ModelError(.invalidRequest, "the server answered with status 400: Too long", status: 400)
        ),
    ]

    @Test(arguments: errors)
    func errorsInsideAnAnswerAreTyped(answer: ServerAnswerError, error: ModelError) {
        #expect(ModelError(answer, scrubber: SecretScrubber()) == error)
    }
}
