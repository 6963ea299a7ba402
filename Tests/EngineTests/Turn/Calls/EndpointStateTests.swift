import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// The breaker of an endpoint, as the database keeps it for all workers.
struct EndpointStateTests {
    private static let endpoint = "http://127.0.0.1:9/v1 KEY"

    private func report(
        _ bench: Bench,
        calls: Int = 1,
        within time: Duration = .seconds(1),
        exhausted: Bool = false,
        after duration: Duration = .zero
    ) async throws -> Duration? {
        try await bench.stores.endpoints.report(
            EndpointStore.Report(
                endpoint: Self.endpoint,
                calls: calls,
                within: time,
                code: "server",
                message: "503",
                isExhausted: exhausted,
                after: duration
            )
        )
    }

    private func open(_ bench: Bench) async throws {
        for _ in 1...5 { _ = try await report(bench) }
        #expect(try await bench.text("SELECT state AS text FROM agentctl.endpoints") == "open")
    }

    /// Lets the wait for the next probe be over.
    private func wait(_ bench: Bench) async throws {
        _ = try await bench.client.query("UPDATE agentctl.endpoint_state SET probe_at = clock_timestamp()")
    }

    private func probe(_ bench: Bench, within limit: Duration = .seconds(60)) async throws -> EndpointStore.ProbeAnswer
    {
        try await bench.stores.endpoints.beginProbe(of: Self.endpoint, within: limit)
    }

    @Test func fiveFailuresThatAreHalfOfTheCallsOpenIt() async throws {
        try await withBench { bench in
            for _ in 1...4 { #expect(try await report(bench) == nil) }
            let wait = try #require(try await report(bench))
            #expect(wait > .seconds(3) && wait <= .seconds(5))
            #expect(try await bench.stores.endpoints.open().keys.sorted() == [Self.endpoint])
            #expect(try await bench.text("SELECT reason AS text FROM agentctl.endpoints") == "failures")
        }
    }

    @Test func fewFailuresAmongManyCallsDoNot() async throws {
        try await withBench { bench in
            for _ in 1...20 {
                let wait = try await report(bench, calls: 3)
                #expect(wait == nil)
            }
        }
    }

    /// A worker for which nothing failed for hours has made many calls; those of the window count.
    @Test func callsOfLongAgoDoNotCount() async throws {
        try await withBench { bench in
            for calls in [10_000, 1, 1, 1, 1] {
                _ = try await report(bench, calls: calls, within: .seconds(calls * 20))
            }
            let state = try await bench.text("SELECT state || ' ' || calls AS text FROM agentctl.endpoints")
            #expect(state == "open 5")
        }
    }

    @Test func whatFailedLongAgoDoesNotCount() async throws {
        try await withBench { bench in
            for _ in 1...4 { _ = try await report(bench) }
            _ = try await bench.client.query(
                "UPDATE agentctl.endpoint_state SET window_start = window_start - interval '21 s'"
            )
            #expect(try await report(bench) == nil)
            #expect(try await bench.text("SELECT failures::text AS text FROM agentctl.endpoints") == "1")
        }
    }

    /// One conversation asks a server that hangs: each call takes two minutes to fail, and five of them ten.
    @Test func callsThatTakeLongAreCountedTogether() async throws {
        try await withBench { bench in
            for number in 1...5 {
                let wait = try await report(bench, within: .seconds(125), after: .seconds(120))
                #expect((wait != nil) == (number == 5), "call \(number)")
                // Until the next one fails.
                _ = try await bench.client.query(
                    "UPDATE agentctl.endpoint_state SET window_start = window_start - interval '125 s'"
                )
            }
        }
    }

    /// What hung hours ago is not counted with what hangs now.
    @Test func theTimeOfCallsThatTakeLongEnds() async throws {
        try await withBench { bench in
            for _ in 1...4 { _ = try await report(bench, within: .seconds(120), after: .seconds(120)) }
            _ = try await bench.client.query(
                "UPDATE agentctl.endpoint_state SET window_start = window_start - interval '621 s'"
            )
            #expect(try await report(bench, within: .seconds(700), after: .seconds(120)) == nil)
            #expect(try await bench.text("SELECT failures::text AS text FROM agentctl.endpoints") == "1")
        }
    }

    @Test func anAccountWithoutMoneyOpensItAtOnce() async throws {
        try await withBench { bench in
            let wait = try await report(bench, exhausted: true)
            #expect(wait != nil)
            #expect(try await bench.text("SELECT reason AS text FROM agentctl.endpoints") == "exhausted")
        }
    }

    @Test func zeroFailuresAreNever() async throws {
        try await withBench { bench in
            _ = try await bench.client.query("UPDATE agentctl.setting SET value = '0' WHERE name = 'breaker_failures'")
            for _ in 1...10 { #expect(try await report(bench, exhausted: true) == nil) }
        }
    }

    @Test func oneOfManyProbes() async throws {
        try await withBench { bench in
            try await open(bench)
            guard case .open(let early) = try await probe(bench) else { throw Failure("a probe before its time") }
            #expect(early > .seconds(2))
            try await wait(bench)
            let answers = try await withThrowingTaskGroup(of: EndpointStore.ProbeAnswer.self) { group in
                for _ in 1...16 { group.addTask { try await probe(bench) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let probes = answers.filter { if case .probe = $0 { true } else { false } }
            #expect(probes.count == 1)
            #expect(answers.count { $0 == .open(.seconds(1)) } == 15)
            guard case .probe(let id)? = probes.first else { return }
            #expect(try await bench.stores.endpoints.endProbe(id, of: Self.endpoint, succeeded: true) == nil)
            #expect(try await probe(bench) == .closed)
            #expect(try await bench.text("SELECT state AS text FROM agentctl.endpoints") == "closed")
        }
    }

    @Test func theWaitDoublesWithEachProbeThatFails() async throws {
        try await withBench { bench in
            try await open(bench)
            var waits: [Duration] = []
            for _ in 1...8 {
                try await wait(bench)
                guard case .probe(let id) = try await probe(bench) else { throw Failure("no probe") }
                waits.append(
                    try #require(try await bench.stores.endpoints.endProbe(id, of: Self.endpoint, succeeded: false))
                )
            }
            for (number, wait) in waits.enumerated() {
                let most = Duration.seconds(min(300, 10 * (1 << number)))
                #expect(wait <= most && wait > most * 0.7, "probe \(number)")
            }
        }
    }

    /// A worker that was stopped says too late how its probe went.
    @Test func aProbeThatTookTooLongSaysNothing() async throws {
        try await withBench { bench in
            try await open(bench)
            try await wait(bench)
            guard case .probe(let late) = try await probe(bench, within: .seconds(1)) else { throw Failure("no probe") }
            _ = try await bench.client.query("UPDATE agentctl.endpoint_state SET probe_until = clock_timestamp()")
            guard case .probe(let next) = try await probe(bench) else { throw Failure("nobody takes over") }
            #expect(try await bench.stores.endpoints.endProbe(late, of: Self.endpoint, succeeded: true) != nil)
            #expect(try await bench.text("SELECT state AS text FROM agentctl.endpoints") == "probing")
            #expect(try await bench.stores.endpoints.endProbe(next, of: Self.endpoint, succeeded: nil) != nil)
            // One that was cancelled leaves the next to somebody else at once.
            guard case .probe = try await probe(bench) else { throw Failure("a cancelled probe holds the others up") }
        }
    }

    private struct Failure: Error {
        let what: String
        init(_ what: String) { self.what = what }
    }
}
