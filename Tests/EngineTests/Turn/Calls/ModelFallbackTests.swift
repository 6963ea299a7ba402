import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Models
@testable import Safety
@testable import Tools

/// A model that fails for good is followed by those that its list names, each only after the failures that it names.
struct ModelFallbackTests {
    /// A model that fails always, or answers with its name.
    private final class Fake: ModelProvider {
        let name: String
        let error: ModelError?
        let isLanguageModel: Bool
        let requests = Mutex<[ModelRequest]>([])

        init(_ name: String, _ error: ModelError? = nil, isLanguageModel: Bool = true) {
            self.name = name
            self.error = error
            self.isLanguageModel = isLanguageModel
        }

        func respond(
            to request: ModelRequest,
            onDelta: @escaping @Sendable (ModelDelta) -> Void
        ) async throws(ModelError) -> ModelResponse {
            requests.withLock { $0.append(request) }
            onDelta(.text("I am "))
            if let error { throw error }
            return ModelResponse(message: .assistant("I am \(name)."), finishReason: .stop, usage: .zero)
        }

        func fallback(on reasons: Set<ModelFallback.Reason> = ModelFallback.Reason.usual) -> AgentModel {
            AgentModel(
                model: Model(name: name, versionID: 1, provider: "openai"),
                provider: self,
                tokens: TokenEstimator(),
                reasons: reasons
            )
        }

        var calls: Int { requests.withLock { $0.count } }
    }

    private func run(
        _ own: Fake,
        _ fallbacks: [AgentModel],
        first: Int = 0,
        request: ModelRequest = ModelRequest(messages: [.user("Hello")])
    ) async throws -> (outcome: ModelCall.Outcome, noted: [ModelCall.FailedAttempt]) {
        let agent = try Agent.made(provider: own, marksOutputs: true, fallbacks: fallbacks)
        var call = ModelCall(agent: agent, kind: .modelCall, start: .now)
        call.first = first
        call.clock = ModelClock(clock: FakeClock())
        var noted: [ModelCall.FailedAttempt] = []
        let outcome = await call.run(request) { _ in
        } noting: {
            noted.append($0)
        }
        return (outcome, noted)
    }

    @Test(arguments: [
        (ModelError(.unreachable, "reset"), "error", 3), (ModelError(.server, "500", status: 500), "error", 3),
        (ModelError(.authentication, "401", status: 401), "error", 1), (ModelError(.exhausted, "no money"), "error", 1),
        (ModelError(.server, "503", status: 503), "overload", 3), (ModelError(.timeout, "silence"), "timeout", 1),
        (ModelError(.rateLimited, "429", status: 429), "rate_limit", 3),
        (ModelError(.contextExceeded, "too long"), "context", 1),
    ])
    func theNextModelAnswers(error: ModelError, reason: String, attempts: Int) async throws {
        let (own, other) = (Fake("own", error), Fake("other"))
        let (outcome, noted) = try await run(own, [other.fallback()])
        #expect(try outcome.result.get().message.content == "I am other.")
        #expect(own.calls == attempts && other.calls == 1)
        #expect(outcome.changes == [.modelChanged(from: "fake", to: "other", reason: reason)])
        #expect(outcome.model == 1)
        #expect(outcome.step.model == "other" && outcome.step.kind == .modelCall)
        #expect(outcome.attempts.map(\.model) == Array(repeating: "fake", count: attempts))
        #expect(outcome.attempts.allSatisfy { $0.kind == .modelAttempt })
        // The text of the model that failed is void.
        #expect(noted.last?.hasEmitted == true && noted.last?.next == "other")
    }

    @Test(arguments: [ModelError(.invalidRequest, "400", status: 400), ModelError(.contentFiltered, "no")])
    func whatAnotherModelCannotMendFails(error: ModelError) async throws {
        let other = Fake("other")
        let (outcome, _) = try await run(Fake("own", error), [other.fallback()])
        #expect(outcome.result == .failure(error) && other.calls == 0 && outcome.changes.isEmpty)
    }

    @Test func aModelIsPassedOverThatIsNotThereForSuchFailures() async throws {
        let (first, second) = (Fake("first"), Fake("second"))
        let fallbacks = [first.fallback(on: [.rateLimit]), second.fallback(on: [.refusal])]
        let (outcome, _) = try await run(Fake("own", ModelError(.contentFiltered, "no")), fallbacks)
        #expect(try outcome.result.get().message.content == "I am second.")
        #expect(first.calls == 0 && outcome.model == 2)
    }

    @Test func theListIsGoneThroughInOrderAndTheLastFailureIsTold() async throws {
        let models = ["first", "second"].map { Fake($0, ModelError(.authentication, "401 of \($0)")) }
        let (outcome, _) = try await run(Fake("own", ModelError(.timeout, "silence")), models.map { $0.fallback() })
        #expect(outcome.result == .failure(ModelError(.authentication, "401 of second")))
        #expect(outcome.step.model == "second" && outcome.attempts.map(\.model) == ["fake", "first"])
        #expect(outcome.changes.count == 2)
    }

    /// A turn can wait for the first, whatever is wrong with the last.
    @Test func theModelThatHasNoRoomForNowIsRemembered() async throws {
        let full = ModelError(.rateLimited, "429", retryAfter: .seconds(90))
        let broken = Fake("broken", ModelError(.authentication, "401"))
        let (outcome, _) = try await run(Fake("own", full), [broken.fallback()])
        #expect(outcome.result == .failure(ModelError(.authentication, "401")) && outcome.passing == full)
        #expect(try await run(broken, []).outcome.passing == nil)
    }

    @Test func aTurnStaysWithTheModelThatAnswered() async throws {
        let (own, first, second) = (Fake("own"), Fake("first", ModelError(.timeout, "silence")), Fake("second"))
        let (outcome, _) = try await run(own, [first.fallback(), second.fallback()], first: 1)
        #expect(try outcome.result.get().message.content == "I am second.")
        #expect(own.calls == 0)
    }

    /// Rules are no model: what they answer with has no marks.
    @Test func rulesSeeWhatToolsReturnedAsItIs() async throws {
        let rules = Fake("rules", isLanguageModel: false)
        let marked = ChatMessage(role: .tool, content: "42\r", toolCallID: "1").marked
        let own = Fake("own", ModelError(.authentication, "401"))
        _ = try await run(own, [rules.fallback()], request: ModelRequest(messages: [.user("Hello"), marked]))
        #expect(own.requests.withLock { $0.last?.messages.last } == marked)
        #expect(rules.requests.withLock { $0.last?.messages.last?.content } == "42\r")
    }
}
