import HTTP
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Models

/// A server that takes the request and says nothing is not waited for as long as one that answers slowly.
struct FirstTokenTests {
    /// A clock whose sleeps end when the test lets them.
    private final class HeldClock: Clock, Sendable {
        struct Instant: InstantProtocol {
            var offset: Duration

            func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
            func duration(to other: Instant) -> Duration { other.offset - offset }
            static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
        }

        let gate = MockGate()
        let asked = Mutex<[Duration]>([])
        var now: Instant { Instant(offset: .zero) }
        var minimumResolution: Duration { .zero }

        func sleep(until deadline: Instant, tolerance: Duration?) async throws {
            asked.withLock { $0.append(deadline.offset) }
            try await gate.pass()
        }
    }

    private func withProvider(
        _ baseURL: String,
        by clock: HeldClock,
        _ body: (OpenAIProvider) async throws -> Void
    ) async throws {
        let http = HTTPClient()
        var model = Model(name: "m", versionID: 1, provider: "openai", baseURL: baseURL, modelID: "m-1")
        model.firstTokenTimeout = .seconds(30)
        let result: Result<Void, any Error>
        do {
            let provider = try OpenAIProvider(model: model, http: http, environment: [:], clock: clock)
            result = .success(try await body(provider))
        } catch {
            result = .failure(error)
        }
        await http.shutdown()
        try result.get()
    }

    private let request = ModelRequest(messages: [.user("Hello")])
    private let late = ModelError(.timeout, "nothing of an answer came within 30.0 s, the first-token timeout")

    /// Neither the head of an answer nor its opening event is a piece of it.
    @Test(arguments: [0, 1])
    func aServerThatSaysNothingIsGivenUp(events: Int) async throws {
        let (clock, server) = (HeldClock(), MockGate())
        try await withMockModel { _ in
            .text("Too late.").held(at: server)
        } perform: { mock in
            try await withProvider(mock.baseURL, by: clock) { provider in
                await server.open(events)
                let answer = Task { try await provider.respond(to: request) { _ in } }
                _ = try await mock.requests(count: 1)
                await clock.gate.open()
                let error = await #expect(throws: ModelError.self) { _ = try await answer.value }
                #expect(error == late)
                #expect(error?.isPassing == false && error?.fallbackReason == .timeout)
                #expect(clock.asked.withLock { $0 } == [.seconds(30)])
            }
        }
    }

    @Test func anAnswerThatHasBegunMayTakeItsTime() async throws {
        let (clock, server) = (HeldClock(), MockGate())
        let (began, continuation) = AsyncStream.makeStream(of: Void.self)
        try await withMockModel { _ in
            .text("I think for a while.").held(at: server)
        } perform: { mock in
            try await withProvider(mock.baseURL, by: clock) { provider in
                await server.open(2)
                let answer = Task { try await provider.respond(to: request) { _ in continuation.yield() } }
                for await _ in began { break }
                await clock.gate.open()
                await server.openForever()
                let message = try await answer.value.message
                #expect(message == .assistant("I think for a while."))
            }
        }
    }

    @Test func aCallThatIsCancelledIsNotLate() async throws {
        let clock = HeldClock()
        try await withMockModel { _ in
            .response(.hang)
        } perform: { mock in
            try await withProvider(mock.baseURL, by: clock) { provider in
                let call = Task { try await provider.respond(to: request) { _ in } }
                _ = try await mock.requests(count: 1)
                call.cancel()
                let error = await #expect(throws: ModelError.self) { _ = try await call.value }
                #expect(error?.code == .cancelled)
            }
        }
    }
}
