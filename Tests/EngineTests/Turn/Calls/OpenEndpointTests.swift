import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Models
@testable import Store

/// Turns over a server that fails often: no worker asks it until one call has found out that it answers again.
struct OpenEndpointTests {
    @Test func aServerThatFailsIsLeftAloneUntilAProbeSucceeds() async throws {
        let isDown = Mutex(true)
        try await withMockModel { _ in
            isDown.withLock { $0 } ? .error(status: 500) : .text("Back.")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(FallbackTurnTests.documents(at: model.baseURL))
                func send() async throws -> String? {
                    try await bench.client().send(.message("Hello"), to: "c") { _ in }.reply
                }
                for _ in 1...5 { #expect(try await send() == "We are back soon.") }
                #expect(await model.requests.count == 5)
                // It is not asked any more, and the record does not say that it was.
                #expect(try await send() == "We are back soon.")
                #expect(await model.requests.count == 5)
                #expect(
                    try await bench.texts("SELECT kind || ' ' || model AS text FROM agentctl.step WHERE seq = 6")
                        == ["model_call rules"]
                )
                #expect(
                    try await bench.text(
                        "SELECT data ->> 'reason' AS text FROM agentctl.event WHERE type = 'model_changed' AND seq = 6"
                    ) == "open"
                )
                // Another process hears of it.
                let other = EndpointBook(store: bench.stores.endpoints, logger: .silent)
                #expect(await other.admission(to: model.baseURL, within: .seconds(1)) == .granted)
                try await other.refresh()
                guard case .refused = await other.admission(to: model.baseURL, within: .seconds(1)) else {
                    Issue.record("another process asks it")
                    return
                }
                // Its time comes; the probe fails, and then one succeeds.
                try await probe(bench)
                #expect(try await send() == "We are back soon.")
                #expect(await model.requests.count == 6)
                isDown.withLock { $0 = false }
                try await probe(bench)
                #expect(try await send() == "Back.")
                #expect(try await send() == "Back.")
                try await other.refresh()
                #expect(await other.admission(to: model.baseURL, within: .seconds(1)) == .granted)
            }
        }
    }

    private func probe(_ bench: Bench) async throws {
        _ = try await bench.client.query("UPDATE agentctl.endpoint_state SET probe_at = clock_timestamp()")
        try await bench.registry.endpoints.refresh()
    }

    /// What the request is to blame for says nothing of the server.
    @Test(arguments: [400, 401, 429])
    func refusalsDoNotOpenIt(status: Int) async throws {
        try await withMockModel { _ in
            .error(status: status)
        } perform: { model in
            try await withBench { bench in
                let book = EndpointBook(store: bench.stores.endpoints, logger: .silent)
                let code: ModelError.Code = [400: .invalidRequest, 401: .authentication, 429: .rateLimited][status]!
                for _ in 1...10 { await book.count(ModelError(code, "no", status: status), at: model.baseURL) }
                let count = try await bench.text("SELECT count(*)::text AS text FROM agentctl.endpoints")
                #expect(count == "0")
            }
        }
    }

    /// Eight processes, all of which know that the server is down, and whose calls all come when the wait is over.
    @Test func ofManyProcessesOneProbes() async throws {
        try await withBench { bench in
            let endpoint = "http://127.0.0.1:9/v1"
            let books = (1...8).map { _ in EndpointBook(store: bench.stores.endpoints, logger: .silent) }
            for _ in 1...5 { await books[0].count(ModelError(.unreachable, "refused"), at: endpoint) }
            _ = try await bench.client.query("UPDATE agentctl.endpoint_state SET probe_at = clock_timestamp()")
            for book in books { try await book.refresh() }
            let admissions = await withTaskGroup(of: EndpointBook.Admission.self) { group in
                for book in books {
                    for _ in 1...8 { group.addTask { await book.admission(to: endpoint, within: .seconds(60)) } }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(admissions.count { if case .probe = $0 { true } else { false } } == 1)
            #expect(admissions.count { if case .refused = $0 { true } else { false } } == 63)
        }
    }
}
