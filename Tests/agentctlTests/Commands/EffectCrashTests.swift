import Glibc
import HTTP
import HTTPTypes
import JSON
import TestSupport
import Testing

/// Workers that are killed while a tool with an effect runs, against a ledger that they do not keep.
struct EffectCrashTests {
    private func worker(_ url: String) throws -> AgentctlProcess {
        try AgentctlProcess(["work", "--slots", "2"], environment: ["DATABASE_URL": url])
    }

    /// An agent whose model books once and then says what came of it, over a server that writes bookings down.
    private func withBookings(
        answer: @escaping MockServer.Script,
        second: MockGate? = nil,
        _ body: (_ url: String, MockModel, MockServer) async throws -> Void
    ) async throws {
        try await withMockServer(answer) { ledger in
            try await withMockModel { request in
                if request.messages.last?["role"] == "user" {
                    let arguments = #"{"url":"\#(ledger.url)/book"}"#
                    return .toolCalls([.init(id: "a", name: "book", arguments: arguments)])
                }
                let reply = MockModelReply.text(request.lastText.contains("booked") ? "booked" : request.lastText)
                return second.map { reply.held(at: $0) } ?? reply
            } perform: { model in
                try await withDatabase(template: .seeded) { url in
                    let more = """
                        ---
                        kind: tool
                        name: book
                        description: Books.
                        implementation: http_request
                        effect: unsafe
                        configuration: {allowed_hosts: ['127.0.0.1:\(ledger.port)'], allow_private: true}
                        ---
                        kind: agent
                        name: booker
                        model: mock
                        tools: [book]
                        """
                    let registered = try await agentctl(
                        "register",
                        "-",
                        url: url,
                        input: documents(model: model) + "\n" + more
                    )
                    #expect(registered.status == 0, "\(registered.errors)")
                    _ = try await psql(url, "SELECT agentctl.submit('1', 'go', agent => 'booker')")
                    try await body(url, model, ledger)
                }
            }
        }
    }

    private func kill(_ worker: AgentctlProcess, _ url: String) async throws {
        worker.send(SIGKILL)
        #expect(try await worker.result().status == -SIGKILL)
        // Ten seconds without a sign of life, without waiting for them.
        _ = try await psql(url, "UPDATE agentctl.worker SET heartbeat_at = heartbeat_at - interval '1 hour'")
    }

    private func keys(_ ledger: MockServer) async -> [String] {
        await ledger.requests.compactMap { request in
            request.headers.first { $0.name.canonicalName == "idempotency-key" }?.value
        }
    }

    @Test func kill9WhileTheEffectHappensNobodyRepeatsItAPersonMay() async throws {
        let gate = MockGate()
        try await withBookings { _ in
            try await gate.pass()
            return .text("booked")
        } _: { url, model, ledger in
            let first = try worker(url)
            _ = try await ledger.requests(count: 1)
            try await kill(first, url)
            let second = try worker(url)
            try await eventually("the doubt") {
                try await psql(url, "SELECT count(*) FROM agentctl.calls_in_doubt") == "1"
            }
            #expect(await ledger.requests.count == 1)
            await gate.openForever()
            let early = try await agentctl("conversations", "resolve", "1/1", "run_again", url: url)
            #expect(early.status != 0 && early.errors.contains("may still be made"), "\(early.errors)")
            // One more time to live, without waiting for it.
            _ = try await psql(
                url,
                "UPDATE agentctl.conversation_control SET lease_until = lease_until - interval '1 hour'"
            )
            let resolved = try await agentctl("conversations", "resolve", "1/1", "run_again", url: url)
            #expect(resolved.status == 0, "\(resolved.errors)")
            try await eventually("the turn") { try await psql(url, "SELECT count(*) FROM agentctl.turn") == "1" }
            second.send(SIGTERM)
            #expect(try await second.result().status == 0)
            #expect(try await psql(url, "SELECT agentctl.reply('1', 1)") == "booked")
            let keys = await keys(ledger)
            #expect(keys.count == 2 && Set(keys).count == 1)
            #expect(await model.requests.count == 2)
        }
    }

    @Test func kill9AfterTheEffectWasStoredTheTurnGoesOnAndNeitherTheEffectNorTheAnswerIsRepeated() async throws {
        let gate = MockGate()
        try await withBookings(answer: { _ in .text("booked") }, second: gate) { url, model, ledger in
            let first = try worker(url)
            _ = try await model.requests(count: 2)
            try await kill(first, url)
            await gate.openForever()
            let second = try worker(url)
            try await eventually("the turn") { try await psql(url, "SELECT count(*) FROM agentctl.turn") == "1" }
            second.send(SIGTERM)
            #expect(try await second.result().status == 0)
            #expect(try await psql(url, "SELECT agentctl.reply('1', 1)") == "booked")
            #expect(await ledger.requests.count == 1)
            #expect(await model.requests.count == 3)
            let numbers = try await psql(
                url,
                "SELECT string_agg(number::text, ' ' ORDER BY number) FROM agentctl.events"
            )
            #expect(numbers == "1 2 3 4 5 6 7")
        }
    }
}
