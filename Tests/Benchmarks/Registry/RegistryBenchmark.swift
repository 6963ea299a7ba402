import Engine
import Store

/// An agent from the registry's memory, and built anew from its rows.
struct RegistryBenchmark {
    let plan: Plan
    let database: BenchmarkDatabase

    private static let lookups = 100_000

    func section() async throws -> Section {
        let (cached, built) = try await database.withRegistry { stores, registry in
            _ = try await stores.definitions.register(Documents.offline)
            let epoch = try await registry.agent(named: "assistant", epoch: 0).epoch
            var cached = Samples()
            var built = Samples()
            for _ in 0..<plan.shortRounds {
                built.add(
                    try await ContinuousClock().measure {
                        registry.invalidate()
                        _ = try await registry.agent(named: "assistant", epoch: epoch)
                    } / .microseconds(1)
                )
                cached.add(
                    try await ContinuousClock().measure {
                        for _ in 0..<Self.lookups { _ = try await registry.agent(named: "assistant", epoch: epoch) }
                    } / .microseconds(Self.lookups)
                )
            }
            return (cached, built)
        }
        let measurement = Measurement(
            subject: "Agent of a message",
            measured: Format.microseconds(cached.median),
            comparison: Format.microseconds(built.median),
            ratio: cached.over(built),
            target: .atMost(2, cached.median, unit: " µs")
        )
        return Section(
            title: "Registry",
            explanation: """
                The agent that a message needs, from the registry's memory, in \(plan.shortRounds) rounds of \
                \(Format.number(Double(Self.lookups))) look-ups; against reading its rows and building it, as after a change.
                """,
            comparison: "built from its rows",
            measurements: [measurement]
        )
    }
}
