import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Models

/// A failure that passes is followed by another attempt, and nothing is asked twice that was answered.
struct ModelRetryTests {
    /// A provider that answers and fails in the order of a script.
    private final class ScriptedProvider: ModelProvider {
        private let script: Mutex<[Result<String, ModelError>]>
        private let piece: String
        let calls = Mutex(0)

        init(_ script: [Result<String, ModelError>], saying piece: String = "") {
            self.script = Mutex(script)
            self.piece = piece
        }

        func respond(
            to request: ModelRequest,
            onDelta: @escaping @Sendable (ModelDelta) -> Void
        ) async throws(ModelError) -> ModelResponse {
            calls.withLock { $0 += 1 }
            if !piece.isEmpty { onDelta(.text(piece)) }
            let next = script.withLock { $0.removeFirst() }
            return ModelResponse(message: .assistant(try next.get()), finishReason: .stop, usage: .zero)
        }
    }

    private struct Trial {
        var outcome: ModelCall.Outcome
        var clock: FakeClock
        var calls: Int
        var noted: [ModelCall.FailedAttempt]
    }

    private func run(
        _ script: [Result<String, ModelError>],
        saying piece: String = "",
        timeout: Duration? = nil,
        random: UInt64 = .max
    ) async throws -> Trial {
        let provider = ScriptedProvider(script, saying: piece)
        let clock = FakeClock()
        var call = ModelCall(agent: try Agent.made(provider: provider), kind: .modelCall, start: .now, timeout: timeout)
        call.clock = ModelClock(clock: clock) { FixedGenerator(number: random) }
        var noted: [ModelCall.FailedAttempt] = []
        let outcome = await call.run(ModelRequest(messages: [.user("Hello")])) { _ in
        } noting: {
            noted.append($0)
        }
        return Trial(outcome: outcome, clock: clock, calls: provider.calls.withLock { $0 }, noted: noted)
    }

    static let passing: [ModelError] = [
        ModelError(.unreachable, "reset"), ModelError(.server, "503", status: 503), ModelError(.rateLimited, "429"),
        ModelError(.truncated, "cut"), ModelError(.malformed, "a web page"), ModelError(.empty, "nothing"),
        ModelError(.timeout, "504", status: 504),
    ]

    @Test(arguments: passing)
    func whatPassesIsTriedAgain(error: ModelError) async throws {
        let trial = try await run([.failure(error), .success("Hello.")])
        #expect(try trial.outcome.result.get().message.content == "Hello.")
        #expect(trial.calls == 2)
        #expect(trial.outcome.step.kind == .modelCall && trial.outcome.step.errorCode == nil)
        #expect(trial.outcome.attempts.map(\.kind) == [.modelAttempt])
        #expect(trial.outcome.attempts.map(\.errorCode) == [error.code.description])
        #expect(trial.noted.map(\.error) == [error])
    }

    static let lasting: [ModelError] = [
        ModelError(.authentication, "401"), ModelError(.invalidRequest, "400"), ModelError(.exhausted, "no money"),
        ModelError(.contextExceeded, "too long"), ModelError(.contentFiltered, "no"), ModelError(.tooLarge, "10 MB"),
        ModelError(.configuration, "no key"), ModelError(.cancelled, "cancelled"),
        // Silence has used up its time.
        ModelError(.timeout, "silence"),
    ]

    @Test(arguments: lasting)
    func whatLastsIsNot(error: ModelError) async throws {
        let trial = try await run([.failure(error)])
        #expect(trial.outcome.result == .failure(error))
        #expect(trial.calls == 1 && trial.outcome.attempts.isEmpty)
    }

    @Test func attemptsAreBoundedAndTold() async throws {
        let error = ModelError(.server, "503", status: 503)
        let trial = try await run([.failure(error), .failure(error), .failure(error)])
        #expect(trial.calls == 3)
        #expect(trial.outcome.result == .failure(ModelError(.server, "503 (asked 3 times)", status: 503)))
        #expect(trial.outcome.attempts.count == 2)
        #expect(trial.outcome.step.kind == .modelCall)
    }

    @Test func anAnswerIsTheEnd() async throws {
        #expect(try await run([.success("Hello."), .success("Again.")]).calls == 1)
    }

    @Test func waitsAreLeftToChanceInFull() async throws {
        let error = ModelError(.server, "503")
        let script: [Result<String, ModelError>] = [.failure(error), .failure(error), .failure(error)]
        #expect(try await run(script, random: 0).clock.waits == [.milliseconds(500), .seconds(1)])
        let shortest = try await run(script, random: .max).clock.waits
        #expect(shortest.allSatisfy { $0 < .milliseconds(1) })
    }

    @Test func aServersHintIsTheLeastWait() async throws {
        let error = ModelError(.rateLimited, "429", retryAfter: .seconds(7))
        let trial = try await run([.failure(error), .success("Hello.")], random: 0)
        #expect(trial.clock.waits == [.seconds(7) + .milliseconds(500)])
    }

    @Test func aLongerHintThanThereIsPatienceIsNotFollowed() async throws {
        let error = ModelError(.rateLimited, "429", retryAfter: .seconds(61))
        let trial = try await run([.failure(error)])
        #expect(trial.calls == 1 && trial.clock.waits.isEmpty)
        // The waits before count as well.
        let half = ModelError(.rateLimited, "429", retryAfter: .seconds(35))
        #expect(try await run([.failure(half), .failure(half)]).calls == 2)
    }

    @Test func aCallThatMayTakeOnlySoLongDoesNotWaitLonger() async throws {
        let error = ModelError(.rateLimited, "429", retryAfter: .seconds(7))
        #expect(try await run([.failure(error)], timeout: .seconds(5)).calls == 1)
    }

    @Test func theSameCutAnswerTwiceEndsIt() async throws {
        let cut = ModelError(.truncated, "cut")
        let trial = try await run([.failure(cut), .failure(cut)], saying: "Half an")
        #expect(trial.calls == 2)
        #expect(trial.noted.map(\.hasEmitted) == [true])
        #expect(try await run([.failure(cut), .failure(cut), .success("")]).calls == 3, "nothing was said")
    }

    @Test func nothingTwiceEndsIt() async throws {
        let empty = ModelError(.empty, "nothing")
        #expect(try await run([.failure(empty), .failure(empty)]).calls == 2)
    }

    @Test func noAttemptFollowsCancellation() async throws {
        let provider = ScriptedProvider([.failure(ModelError(.server, "503")), .success("Hello.")])
        var retry = ModelRetryLimits.usual
        (retry.first, retry.longest) = (.seconds(30), .seconds(30))
        let agent = try Agent.made(provider: provider, retry: retry)
        let call = ModelCall(agent: agent, kind: .modelCall, start: .now)
        let outcome = try await withThrowingTaskGroup(of: ModelCall.Outcome.self) { [call] group in
            group.addTask { await call.run(ModelRequest(messages: [])) }
            try await eventually("the first attempt") { provider.calls.withLock { $0 } == 1 }
            group.cancelAll()
            return try await group.next()
        }
        #expect(outcome?.step.errorCode == "cancelled")
        #expect(provider.calls.withLock { $0 } == 1)
    }
}
