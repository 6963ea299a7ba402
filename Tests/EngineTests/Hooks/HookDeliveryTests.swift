import HTTP
import JSON
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Orchestration
@testable import Store
@testable import Tools

/// Deliveries, to receivers that answer, fail, are slow or gone.
@Suite struct HookDeliveryTests {
    private static let secrets = ["HOOK_SECRET": "present secret", "OLD_SECRET": "old secret"]

    /// Runs a test with a receiver, a hook to it, and a turn that the hook is told of.
    private func withReceiver(
        _ members: String,
        _ script: @escaping MockServer.Script,
        _ body: (Bench, MockServer, ToolServices) async throws -> Void
    ) async throws {
        try await withMockServer(script) { server in
            try await withBench { bench in
                try await bench.register(Bench.scheduled)
                let extra = members.isEmpty ? "" : ", " + members
                try await bench.hook(
                    #""events": ["turn_complete"], "allow_private": true\#(extra)"#,
                    url: server.url + "/hook"
                )
                _ = try await bench.conversations.submit(.message("hello"), to: "c", agent: "assistant")
                try await bench.work()
                let services = ToolServices(http: bench.http, secrets: Secrets(environment: Self.secrets))
                try await body(bench, server, services)
            }
        }
    }

    private func withReceiver(
        _ script: @escaping MockServer.Script,
        _ body: (Bench, MockServer, ToolServices) async throws -> Void
    ) async throws {
        try await withReceiver("", script, body)
    }

    /// Runs a worker until the delivery is as a condition says.
    private func work(_ bench: Bench, _ services: ToolServices, until condition: String) async throws {
        let worker = Worker(store: bench.work, registry: bench.registry, services: services, logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            try await bench.eventually(
                PostgresStatement(
                    "SELECT (\(condition))::text AS text FROM agentctl.hook_deliveries ORDER BY id LIMIT 1"
                )
            )
            group.cancelAll()
        }
    }

    /// Makes what is pending due now.
    private func hurry(_ bench: Bench) async throws {
        _ = try await bench.client.query("UPDATE agentctl.hook_delivery SET next_at = now() WHERE state = 'pending'")
    }

    private func state(_ bench: Bench) async throws -> String? {
        try await bench.text(
            "SELECT concat_ws(' ', state, attempt, status, error_message) AS text FROM agentctl.hook_deliveries ORDER BY id LIMIT 1"
        )
    }

    @Test func aDeliveryIsSignedByBothSecrets() async throws {
        try await withReceiver(
            #""previous_secret_env": "OLD_SECRET", "headers": {"x-team": "orders"}"#,
            { _ in .text("ok") },
            { bench, server, services in
                try await work(bench, services, until: "state = 'delivered'")
                let request = try #require(await server.requests.first)
                #expect(request.method == "POST" && request.path == "/hook")
                #expect(request.headers.first(name: "content-type") == "application/json")
                #expect(request.headers.first(name: "x-team") == "orders")
                let id = try #require(request.headers.first(name: "webhook-id"))
                let timestamp = try #require(request.headers.first(name: "webhook-timestamp").flatMap { Int64($0) })
                let stored = try await bench.text("SELECT 'msg_' || webhook_id AS text FROM agentctl.hook_deliveries")
                #expect(id == stored)
                let expected = ["present secret", "old secret"].map {
                    HookSignature(secrets: [$0]).header(id: id, timestamp: timestamp, body: request.body)
                }
                #expect(request.headers.first(name: "webhook-signature") == expected.joined(separator: " "))
                #expect(try JSONValue(parsing: request.text)["data"]?["conversation"] == "c")
                #expect(try await state(bench) == "delivered 1 200")
            }
        )
    }

    @Test func aReceiverThatFailsIsToldAgainUnderTheSameID() async throws {
        let answers = Mutex([500, 302, 404, 204])
        try await withReceiver(
            { _ in .text("", status: answers.withLock { $0.removeFirst() }) },
            { bench, server, services in
                for attempt in 1...3 {
                    try await work(
                        bench,
                        services,
                        until:
                            "attempt = \(attempt) AND error_message IS NOT NULL AND state = 'pending' AND next_at < now() + interval '1 minute'"
                    )
                    try await hurry(bench)
                }
                try await work(bench, services, until: "state = 'delivered'")
                #expect(try await state(bench) == "delivered 4 204")
                let ids = await server.requests.map { $0.headers.first(name: "webhook-id") }
                #expect(ids.count == 4 && Set(ids).count == 1)
            }
        )
    }

    @Test func anAttemptWhoseOutcomeWasNotStoredIsMadeAgain() async throws {
        try await withReceiver(
            { _ in .text("ok") },
            { bench, server, services in
                // A worker that sends, and ends before it stores.
                let lost = try #require(try await bench.work.claimDeliveries(maximum: 1).first)
                #expect(await HookSender(services: services).send(lost, now: 1).status == 200)
                #expect(try await bench.work.claimDeliveries(maximum: 1).isEmpty)
                try await hurry(bench)
                try await work(bench, services, until: "state = 'delivered'")
                let ids = await server.requests.map { $0.headers.first(name: "webhook-id") }
                #expect(ids == [lost.webhookID, lost.webhookID])
                // The lost worker comes back: its outcome is not taken.
                #expect(try await bench.work.finish(lost, status: nil, problem: "late", isFinal: true) == nil)
                #expect(try await state(bench) == "delivered 2 200")
            }
        )
    }

    @Test func aReceiverThatIsGoneStopsTheHook() async throws {
        let status = Mutex(410)
        try await withReceiver(
            { _ in .text("", status: status.withLock { $0 }) },
            { bench, _, services in
                for number in 1...2 {
                    _ = try await bench.conversations.submit(.message("hello"), to: "d\(number)", agent: "assistant")
                    try await bench.work(off: "d\(number)")
                }
                try await work(bench, services, until: "state = 'dead'")
                try await bench.eventually(
                    "SELECT (count(*) FILTER (WHERE state = 'dead') = 3)::text AS text FROM agentctl.hook_deliveries"
                )
                #expect(
                    try await bench.text("SELECT stopped_for AS text FROM agentctl.hooks")
                        == "the receiver answered 410 Gone"
                )
                _ = try await bench.conversations.submit(.message("hello"), to: "e", agent: "assistant")
                try await bench.work(off: "e")
                #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.hook_deliveries") == "3")

                status.withLock { $0 = 200 }
                let first = try #require(
                    try await bench.text("SELECT min(id)::text AS text FROM agentctl.hook_deliveries").flatMap {
                        Int64($0)
                    }
                )
                let id = try await bench.conversations.redeliver(first)
                #expect(id.hasPrefix("msg_"))
                try await work(bench, services, until: "state = 'delivered'")
                let stopped = try await bench.text("SELECT coalesce(stopped_for, 'no') AS text FROM agentctl.hooks")
                #expect(stopped == "no")
            }
        )
    }

    @Test func aReceiverThatDoesNotAnswerIsToldAgain() async throws {
        try await withReceiver(
            #""timeout": 0.2"#,
            { _ in .hang },
            { bench, _, services in
                try await work(bench, services, until: "attempt = 1 AND error_message IS NOT NULL")
                #expect(try await state(bench)?.contains("could not be asked") == true)
            }
        )
    }

    @Test func afterADayADeliveryIsGivenUpAndCanBeSentAgain() async throws {
        try await withReceiver(
            { _ in .text("", status: 503) },
            { bench, _, services in
                _ = try await bench.client.query("UPDATE agentctl.hook_delivery SET give_up_at = now()")
                try await work(bench, services, until: "state = 'dead'")
                #expect(try await state(bench) == "dead 1 503 the receiver answered 503")
                let id = try #require(
                    try await bench.text("SELECT id::text AS text FROM agentctl.hook_deliveries").flatMap { Int64($0) }
                )
                _ = try await bench.conversations.redeliver(id)
                let error = await #expect(throws: StoreError.self) { try await bench.conversations.redeliver(id) }
                #expect(error?.code == .refused)
                let unknown = await #expect(throws: StoreError.self) { try await bench.conversations.redeliver(id + 1) }
                #expect(unknown?.code == .notFound)
            }
        )
    }

    @Test func waitsGrowAndChanceDecidesAboutAllOfThem() async throws {
        try await withReceiver(
            { _ in .text("ok") },
            { bench, _, _ in
                var longest: [Double] = []
                for attempt in [1, 5, 12] {
                    var waits: [Double] = []
                    for _ in 1...30 {
                        _ = try await bench.client.query(
                            "UPDATE agentctl.hook_delivery SET attempt = $1::integer, next_at = now()",
                            [.integer(Int64(attempt))]
                        )
                        _ = try await bench.client.query(
                            "SELECT agentctl.finish_delivery(id, attempt, 500, 'x') FROM agentctl.hook_delivery"
                        )
                        let wait = try await bench.text(
                            "SELECT extract(epoch FROM next_at - now())::text AS text FROM agentctl.hook_delivery"
                        )
                        waits.append(try #require(wait.flatMap { Double($0) }))
                    }
                    #expect(waits.min() ?? 0 < (waits.max() ?? 0) * 0.6, "\(waits)")
                    longest.append(waits.max() ?? 0)
                }
                #expect(longest[0] < 12 && longest[1] > longest[0] && longest[2] > longest[1] && longest[2] <= 3_602)
            }
        )
    }

    @Test func aReceiverThatMayNotBeAskedIsNotAsked() async throws {
        let refused = [
            ("http://169.254.169.254/latest/meta-data", true, "a link-local address"),
            ("http://[fd00:ec2::254]/", true, "may not be asked"),
            ("https://127.0.0.1:1/", false, "a loopback address"), ("https://10.0.0.1/", false, "a private address"),
            ("http://8.8.8.8/", true, "needs https"),
        ]
        try await withReceiver(
            { _ in .text("ok") },
            { bench, server, services in
                for (url, allowsPrivate, problem) in refused {
                    let delivery = ClaimedDelivery(
                        id: 1,
                        attempt: 1,
                        webhookID: "msg_1",
                        hook: "h",
                        body: "{}",
                        document: [
                            "url": .string(url), "secret_env": "HOOK_SECRET", "allow_private": .bool(allowsPrivate),
                        ]
                    )
                    let outcome = await HookSender(services: services).send(delivery, now: 1)
                    #expect(outcome.isFinal && outcome.problem?.contains(problem) == true, "\(url): \(outcome)")
                }
                #expect(await server.requests.isEmpty)
            }
        )
    }

    @Test func aSecretThatIsNotSetIsNamedAndNoSecretIsStored() async throws {
        try await withReceiver(
            #""previous_secret_env": "MISSING_SECRET""#,
            { _ in .text("ok") },
            { bench, server, services in
                try await work(bench, services, until: "attempt = 1 AND error_message IS NOT NULL")
                #expect(
                    try await state(bench) == "pending 1 the variable MISSING_SECRET is not set where the worker runs"
                )
                #expect(await server.requests.isEmpty)
                let rows = try await bench.texts(
                    """
                    SELECT row_to_json(d)::text AS text FROM agentctl.hook_delivery AS d
                    UNION ALL SELECT document::text FROM agentctl.definition_version
                    """
                )
                #expect(!rows.contains { $0.contains("present secret") })
            }
        )
    }

    @Test func aSlowReceiverKeepsNoOtherWaiting() async throws {
        try await withReceiver(
            #""timeout": 30"#,
            { request in request.path == "/hook" ? .hang : .text("ok") },
            { bench, server, services in
                for number in 1...20 {
                    _ = try await bench.conversations.submit(.message("hello"), to: "d\(number)", agent: "assistant")
                    try await bench.work(off: "d\(number)")
                }
                try await bench.register(
                    #"{"kind": "hook", "name": "quick", "url": "\#(server.url)/quick", "secret_env": "HOOK_SECRET", "events": ["turn_complete"], "allow_private": true}"#
                )
                _ = try await bench.conversations.submit(.message("hello"), to: "e", agent: "assistant")
                let worker = Worker(store: bench.work, registry: bench.registry, services: services, logger: .silent)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await worker.run() }
                    try await bench.eventually(
                        "SELECT (count(*) = 1)::text AS text FROM agentctl.hook_deliveries WHERE hook = 'quick' AND state = 'delivered'"
                    )
                    group.cancelAll()
                }
            }
        )
    }
}
