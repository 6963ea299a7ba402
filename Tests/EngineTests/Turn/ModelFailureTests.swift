import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine

/// A turn whose model fails in a way that passes.
struct ModelFailureTests {
    /// After a round of tools one failure costs neither the turn nor the round.
    @Test(arguments: [
        MockModelReply.error(status: 503), .error(status: 429, retryAfter: 0), .cut(after: "It"),
    ])
    func aTurnSurvivesAModelThatFailsOnce(blip: MockModelReply) async throws {
        let asked = Mutex(0)
        try await withMockModel { request in
            let number = asked.withLock { count in
                count += 1
                return count
            }
            switch number {
            case 1: return .toolCalls([.init(name: "calculator", arguments: #"{"expression":"2 + 3"}"#)])
            case 2: return blip
            default: return .text("It is 5.")
            }
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                let events = Mutex<[TurnEvent]>([])
                let summary = try await bench.client().send(.message("What is 2 + 3?"), to: "c") { event in
                    events.withLock { $0.append(event) }
                }
                #expect(summary.status == .succeeded && summary.reply == "It is 5.")
                let kinds = try await bench.text(
                    "SELECT string_agg(kind::text, ' ' ORDER BY number) AS text FROM agentctl.step"
                )
                #expect(kinds == "model_call tool_round model_attempt model_call")
                #expect(try await bench.text("SELECT model_calls::text AS text FROM agentctl.turn") == "2")
            }
        }
    }
}
