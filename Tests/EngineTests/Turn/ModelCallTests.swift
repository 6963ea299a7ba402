import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Models

struct ModelCallTests {
    /// A provider that answers as the test says.
    private struct FakeProvider: ModelProvider {
        let answer: @Sendable () async throws(ModelError) -> ModelResponse

        func respond(
            to request: ModelRequest,
            onDelta: @escaping @Sendable (ModelDelta) -> Void
        ) async throws(ModelError) -> ModelResponse {
            onDelta(.text("Hel"))
            return try await answer()
        }
    }

    /// Waits until the call is cancelled, as a server does that says nothing.
    private static let silence = FakeProvider { () throws(ModelError) in
        do { try await Task.sleep(for: .seconds(600)) } catch {}
        throw ModelError(.cancelled, "the call was cancelled")
    }

    private static let request = ModelRequest(messages: [.user("Hello")])

    private func call(_ provider: FakeProvider, timeout: Duration? = nil) throws -> ModelCall {
        let agent = try Agent.made(provider: provider, prices: ModelPrices(input: 1, cachedInput: 0.5, output: 2))
        return ModelCall(agent: agent, kind: .compaction, start: .now - .seconds(3), timeout: timeout)
    }

    @Test func anAnswerIsRecordedWithItsModelTokensPriceAndTimes() async throws {
        let response = ModelResponse(
            message: .assistant("Hello."),
            finishReason: .length,
            usage: TokenUsage(input: 1_000_000, cachedInput: 500_000, output: 1_000_000),
            timeToFirstToken: .milliseconds(5)
        )
        let pieces = Mutex<[ModelDelta]>([])
        let outcome = try await call(FakeProvider { () throws(ModelError) in response })
            .run(Self.request) { piece in pieces.withLock { $0.append(piece) } }
        #expect(try outcome.result.get() == response)
        #expect(pieces.withLock { $0 } == [.text("Hel")])
        let step = outcome.step
        #expect(step.kind == .compaction)
        #expect([step.model, step.provider, step.finishReason] == ["fake", "openai", "length"])
        #expect(step.modelVersionID == 7)
        #expect(step.usage == response.usage)
        #expect(step.cost == 2.75)
        #expect(step.timeToFirstToken == .milliseconds(5))
        #expect(step.offset >= .seconds(3))
        #expect(step.errorCode == nil && step.errorMessage == nil)
    }

    @Test func aFailureIsReturnedAndRecordedUnderItsCode() async throws {
        let error = ModelError(.rateLimited, "too many requests", retryAfter: .seconds(3_600))
        let outcome = try await call(FakeProvider { () throws(ModelError) in throw error }).run(Self.request)
        #expect(outcome.result == .failure(error))
        #expect(outcome.step.errorCode == "rate_limited")
        #expect(outcome.step.errorMessage == "too many requests")
        #expect(outcome.step.cost == 0)
        #expect(outcome.step.model == "fake")
    }

    @Test func aModelThatTakesLongerThanItMayIsATimeout() async throws {
        let outcome = try await call(Self.silence, timeout: .milliseconds(20)).run(Self.request)
        #expect(outcome.step.errorCode == "timeout")
        #expect(outcome.step.duration >= .milliseconds(20))
    }

    @Test(arguments: [nil, Duration.seconds(600)])
    func aCallWhoseTaskIsCancelledIsCancelledAndNoTimeout(timeout: Duration?) async throws {
        let call = try call(Self.silence, timeout: timeout)
        let outcome = await withTaskGroup(of: ModelCall.Outcome.self) { group in
            group.addTask { await call.run(Self.request) }
            group.cancelAll()
            return await group.next()
        }
        #expect(outcome?.step.errorCode == "cancelled")
    }
}
