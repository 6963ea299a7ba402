import Conversation
import Engine
import Store
import TestSupport
import Tools

/// What a message costs after many others in its conversation.
struct HistoryBenchmark {
    let plan: Plan
    let database: BenchmarkDatabase

    private static let lengths = [10, 100, 1_000, 10_000]

    func section() async throws -> Section {
        let latencies = try await database.withRegistry { stores, registry in
            _ = try await stores.definitions.register(Documents.offline)
            try await psql(database.url, PastConversation.function)
            for round in 0...plan.historyRounds {
                for length in Self.lengths { try await PastConversation(round, length).make(in: database) }
            }
            try await psql(database.url, "VACUUM ANALYZE")
            let client = ConversationClient(
                conversations: stores.conversations,
                work: stores.work,
                registry: registry,
                services: ToolServices(),
                logger: .silent
            )
            var latencies = [Int: Samples]()
            for round in 0...plan.historyRounds {
                for length in Self.lengths {
                    let latency = try await send(to: PastConversation(round, length), with: client)
                    // The first round prepares statements.
                    if round > 0 { latencies[length, default: Samples()].add(latency / .milliseconds(1)) }
                }
            }
            return latencies
        }
        return section(latencies)
    }

    private func send(to past: PastConversation, with client: ConversationClient) async throws -> Duration {
        var summary: TurnSummary?
        let latency = try await ContinuousClock().measure {
            summary = try await client.send(.message(Documents.question), to: past.id) { _ in }
        }
        guard summary?.status == .succeeded else { throw BenchmarkError("\(past.id): \(String(describing: summary))") }
        return latency
    }

    private func section(_ latencies: [Int: Samples]) -> Section {
        let shortest = latencies[Self.lengths[0]] ?? Samples()
        let measurements = Self.lengths.map { length in
            let samples = latencies[length] ?? Samples()
            let ratio = samples.over(shortest)
            return Measurement(
                subject: "After \(Format.number(Double(length))) messages",
                measured: Format.milliseconds(samples.median),
                comparison: Format.milliseconds(shortest.median),
                ratio: ratio,
                target: length < 1_000
                    ? nil : .init(text: "flat: ≤ 1.25 × that after 100", isMet: isFlat(samples, latencies[100]))
            )
        }
        return Section(
            title: "Long conversations",
            explanation: """
                The next message of a conversation, sent by `ConversationClient` and answered by rules in the same process, \
                from `send` to the stored turn: \(plan.historyRounds) rounds over conversations of their own. The model is shown \
                the last 100 messages at most, which is what the step from 10 to 100 pays for; beyond, nothing grows.
                """,
            comparison: "after 10",
            measurements: measurements
        )
    }

    private func isFlat(_ samples: Samples, _ reference: Samples?) -> Bool {
        samples.over(reference ?? Samples()).median <= 1.25
    }
}
