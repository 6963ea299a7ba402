import JSON
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Models
@testable import Store
@testable import Tools

/// Turns whose tools have effects: nothing is lost, and nothing is silently done twice.
@Suite struct ProgressTests {
    private static func call(_ tool: String, _ entry: String, id: String = "a") -> MockModelReply.ToolCall {
        .init(id: id, name: tool, arguments: #"{"entry":"\#(entry)"}"#)
    }

    /// A model that asks for the given calls first and then says what the last message was.
    private static func asking(_ calls: MockModelReply.ToolCall...) -> MockModel.Script {
        { request in
            request.messages.last?["role"] == "user" ? .toolCalls(calls) : .text("done: \(request.lastText)")
        }
    }

    private func rows(_ bench: Bench, _ columns: String, of table: String) async throws -> [String] {
        try await bench.client.query(
            PostgresStatement("SELECT concat_ws(' ', \(columns)) AS text FROM agentctl.\(table) ORDER BY number")
        ).map { try $0.decode("text", as: String.self) }
    }

    @Test func theIntentIsStoredBeforeTheCallAndTheResultAfterIt() async throws {
        let gate = MockGate()
        let ledger = Ledger(gate: gate)
        try await withMockModel(Self.asking(Self.call("write", "one"))) { model in
            try await Bench.with(ledger, model: model) { bench in
                _ = try await bench.conversations.submit(.message("go"), to: "c")
                async let outcome = bench.process()
                try await bench.eventually(
                    "SELECT (count(*) = 1)::text AS text FROM agentctl.tool_call WHERE state = 'started' AND idempotency_key IS NOT NULL"
                )
                #expect(try await rows(bench, "number, role", of: "message") == ["1 user", "2 assistant"])
                #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.turn") == "0")
                await gate.openForever()
                #expect(try await outcome?.record.reply == "done: wrote one")
                let messages = try await rows(bench, "number, role", of: "message")
                #expect(messages == ["1 user", "2 assistant", "3 tool", "4 assistant"])
                let events = try await rows(bench, "number, type, data ->> 'message'", of: "events")
                #expect(
                    events == [
                        "1 turn_started 1", "2 message 2", "3 tool_call_requested", "4 tool_started",
                        "5 tool_finished 3",
                        "6 message 4", "7 turn_complete",
                    ]
                )
                let steps = try await rows(bench, "number, kind", of: "step")
                #expect(steps == ["1 model_call", "2 tool_round", "3 model_call"])
                let calls = try await rows(bench, "number, step_number, state, result", of: "tool_call")
                #expect(calls == ["1 2 succeeded wrote one"])
                let turn = try await bench.text(
                    "SELECT concat_ws(' ', status, first_message, last_message, model_calls, tool_calls) AS text FROM agentctl.turn"
                )
                #expect(turn == "succeeded 1 4 2 1")
                let left = try await bench.text("SELECT count(*)::text AS text FROM agentctl.turn_progress")
                #expect(left == "0")
            }
        }
    }

    /// Brings a turn to where its worker is lost while the tool runs, and another worker finds it.
    private func inDoubt(_ check: (Bench, MockModel, Ledger) async throws -> Void) async throws {
        let gate = MockGate()
        let ledger = Ledger(gate: gate)
        try await withMockModel(Self.asking(Self.call("write", "one"))) { model in
            try await Bench.with(ledger, model: model) { bench in
                _ = try await bench.conversations.submit(.message("go"), to: "c")
                let worker = Mutex<Int64>(0)
                async let lost = bench.process { id in worker.withLock { $0 = id } }
                try await ledger.written()
                try await bench.lose(worker.withLock { $0 })
                let found = try await bench.process()
                #expect(found?.record.status == .waiting)
                await gate.openForever()
                // What the lost worker has to say comes too late.
                #expect(try await lost?.isStored == false)
                try await check(bench, model, ledger)
            }
        }
    }

    @Test func aCallThatWasCutOffIsInDoubtAndIsNotRepeated() async throws {
        try await inDoubt { bench, model, ledger in
            #expect(ledger.all.map(\.entry) == ["one"])
            #expect(await model.requests.count == 1)
            let doubt = try await bench.text(
                "SELECT concat_ws(' ', conversation_id, seq, call, tool) AS text FROM agentctl.calls_in_doubt"
            )
            #expect(doubt == "c 1 1 write")
            #expect(try await bench.text("SELECT state::text AS text FROM agentctl.conversation_control") == "parked")
            #expect(try await bench.claim().claim == nil)
            let summary = try #require(try await bench.conversations.summary(conversation: "c", seq: 1))
            #expect(summary.status == .waiting && summary.errorMessage?.contains("call 1 (write)") == true)
            let behind = try await bench.conversations.submit(.message("next"), to: "c")
            #expect(try await bench.conversations.summary(conversation: "c", seq: behind)?.seq == 1)
        }
    }

    @Test(arguments: [
        ("happened", "done: wrote it", 1), ("did_not_happen", "done: Error: wrote it", 1),
        ("run_again", "done: wrote one", 2),
    ])
    func aPersonSaysWhatBecameOfIt(_ outcome: String, reply: String, times: Int) async throws {
        try await inDoubt { bench, model, ledger in
            let remaining = try await bench.text(
                "SELECT agentctl.resolve_tool_call('c', 1, 1, $1, 'wrote it')::text AS text",
                [.text(outcome)]
            )
            #expect(remaining == "0")
            #expect(try await bench.process()?.record.reply == reply)
            #expect(ledger.all.count == times)
            #expect(Set(ledger.all.map(\.key)).count == 1)
            #expect(await model.requests.count == 2)
            let numbers = try await bench.texts("SELECT number::text AS text FROM agentctl.events ORDER BY number")
            #expect(numbers == (1...numbers.count).map(String.init))
            let roles = try await rows(bench, "role", of: "message")
            #expect(roles == ["user", "assistant", "tool", "assistant"])
            await #expect(throws: PostgresError.self) {
                try await bench.client.query("SELECT agentctl.resolve_tool_call('c', 1, 1, 'happened')")
            }
        }
    }

    @Test func aCallIsNotMadeWhenTheLeaseMayBeGoneAndTheNextAttemptMakesIt() async throws {
        let ledger = Ledger()
        try await withMockModel(Self.asking(Self.call("write", "one"))) { model in
            try await Bench.with(ledger, model: model) { bench in
                _ = try await bench.conversations.submit(.message("go"), to: "c")
                let isOver = LeaseTerm(.seconds(10), from: .now - .seconds(9))
                #expect(try await bench.process(term: isOver)?.isStored == false)
                #expect(ledger.all == [])
                #expect(try await rows(bench, "state", of: "tool_call") == ["planned"])
                let state = try await bench.text("SELECT state::text AS text FROM agentctl.conversation_control")
                #expect(state == "ready")
                isOver.renew(from: .now)
                #expect(try await bench.process(term: isOver)?.record.reply == "done: wrote one")
                #expect(ledger.all.count == 1)
                #expect(await model.requests.count == 2)
            }
        }
    }

    @Test func aTurnGoesOnFromItsStoredResultsWithoutAskingTheModelAgain() async throws {
        let gate = MockGate()
        let ledger = Ledger()
        let asked = Mutex(0)
        try await withMockModel { request in
            if request.messages.last?["role"] == "user" { return .toolCalls([Self.call("write", "one")]) }
            let isFirst = asked.withLock { count in
                count += 1
                return count == 1
            }
            let reply = MockModelReply.text("done")
            return isFirst ? reply.held(at: gate) : reply
        } perform: { model in
            try await Bench.with(ledger, model: model) { bench in
                _ = try await bench.conversations.submit(.message("go"), to: "c")
                let worker = Mutex<Int64>(0)
                async let lost = bench.process { id in worker.withLock { $0 = id } }
                _ = try await model.requests(count: 2)
                try await bench.lose(worker.withLock { $0 })
                let outcome = try await bench.process()
                #expect(outcome?.record.reply == "done")
                await gate.openForever()
                #expect(try await lost?.isStored == false)
                #expect(ledger.all.map(\.entry) == ["one"])
                let requests = await model.requests
                #expect(requests.count == 3)
                #expect(requests[2].messages.count == requests[1].messages.count)
                let turn = try await bench.text(
                    "SELECT concat_ws(' ', status, attempt, model_calls, tool_calls, last_message) AS text FROM agentctl.turn"
                )
                // Of the lost worker's second call to the model nothing is known.
                #expect(turn == "succeeded 2 2 1 4")
            }
        }
    }

    @Test func anInterruptedCallIsInDoubtAndItsTranscriptIsWhole() async throws {
        let ledger = Ledger(gate: MockGate())
        try await withMockModel(Self.asking(Self.call("write", "one"))) { model in
            try await Bench.with(ledger, model: model) { bench in
                let send = Task { try await bench.client().send(.message("go"), to: "c") { _ in } }
                try await ledger.written()
                send.cancel()
                #expect(try await send.value.status == .interrupted)
                #expect(try await rows(bench, "role", of: "message") == ["user", "assistant", "tool"])
                #expect(try await rows(bench, "state", of: "tool_call") == ["in_doubt"])
                // Whoever stopped it knows: the conversation goes on.
                let state = try await bench.text("SELECT state::text AS text FROM agentctl.conversation_control")
                #expect(state == "idle")
                // What became of the call is asked all the same.
                let doubts = try await bench.conversations.callsInDoubt(of: "c", seq: 1)
                #expect(doubts == [CallInDoubt(call: 1, tool: "write", waits: false)])
                let again = await #expect(throws: StoreError.self) {
                    try await bench.conversations.resolveToolCall(1, of: "c", seq: 1, outcome: "run_again", result: nil)
                }
                #expect(again?.code == .refused && again?.message.contains("has ended") == true)
                let left = try await bench.conversations.resolveToolCall(
                    1,
                    of: "c",
                    seq: 1,
                    outcome: "did_not_happen",
                    result: nil
                )
                #expect(left == 0 && ledger.all.count == 1)
                #expect(try await rows(bench, "state", of: "tool_call") == ["failed"])
                let idle = try await bench.text("SELECT state::text AS text FROM agentctl.conversation_control")
                #expect(idle == "idle")
                #expect(try await bench.conversations.callsInDoubt(of: "c", seq: 1) == [])
                #expect(try await bench.conversations.events(of: "c", after: 0).last?.type == "call_resolved")
                #expect(try await bench.client().send(.message("write:two"), to: "c") { _ in }.seq == 2)
            }
        }
    }

    @Test func aFunctionOfTheDatabaseRunsWithTheStorageOfItsResultOrNotAtAll() async throws {
        let calls = [Self.call("store", "x"), Self.call("store", "refused", id: "b")]
        let script: MockModel.Script = { request in
            request.messages.last?["role"] == "user" ? .toolCalls(calls) : .text("done")
        }
        try await withMockModel(script) { model in
            try await Bench.with(Ledger(), model: model) { bench in
                _ = try await bench.conversations.submit(.message("go"), to: "c")
                #expect(try await bench.process()?.record.reply == "done")
                #expect(try await bench.texts("SELECT entry AS text FROM public.ledger") == ["x"])
                let states = try await rows(bench, "number, state, result", of: "tool_call")
                #expect(states == ["1 succeeded stored x", "2 failed Error: the database refused it"])
            }
        }
    }

    @Test func aFencedWorkerNeitherStoresNorRunsWhatHasAnEffect() async throws {
        let gate = MockGate()
        let ledger = Ledger()
        let calls = [Self.call("write", "one"), Self.call("store", "x", id: "b")]
        try await withMockModel { _ in
            .toolCalls(calls).held(at: gate)
        } perform: { model in
            try await Bench.with(ledger, model: model) { bench in
                _ = try await bench.conversations.submit(.message("go"), to: "c")
                let worker = Mutex<Int64>(0)
                async let lost = bench.process { id in worker.withLock { $0 = id } }
                _ = try await model.requests(count: 1)
                try await bench.lose(worker.withLock { $0 })
                await gate.openForever()
                #expect(try await lost?.isStored == false)
                #expect(ledger.all == [])
                #expect(try await bench.texts("SELECT entry AS text FROM public.ledger") == [])
                #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.message") == "0")
            }
        }
    }

    @Test func aTurnWhoseAgentCannotBeReadIsGivenBackAndNotFailed() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            var configuration = try PostgresConfiguration(url: "postgresql://127.0.0.1:1/none")
            configuration.acquireTimeout = .milliseconds(50)
            let away = PostgresClient(configuration, logger: .silent)
            let factory = DynamicAgentFactory(
                providers: ModelProviderFactory(http: bench.http, environment: [:]),
                tools: ToolFactory()
            )
            let (worker, claimed) = try await bench.claim()
            func process(_ claim: ClaimedSubmission, with registry: AgentRegistry) async -> TurnProcessor.Outcome {
                let loop = TurnLoop(
                    registry: registry,
                    services: ToolServices(),
                    maximumAttempts: 5,
                    patience: .milliseconds(200)
                )
                let processor = TurnProcessor(
                    context: .made(bench.work, worker),
                    loop: loop,
                    policy: .release
                )
                return await processor.process(claim, claiming: { 0 }) { _ in }
            }
            let unread = AgentRegistry(store: Stores(client: away).definitions, factory: factory)
            let outcome = await process(try #require(claimed), with: unread)
            await away.shutdown()
            #expect(!outcome.isStored)
            let control = try await bench.text(
                "SELECT concat_ws(' ', state, head_seq, last_event) AS text FROM agentctl.conversation_control"
            )
            #expect(control == "ready 0 0")
            let again = try #require(try await bench.work.claim(worker: worker, maximum: 1).first)
            #expect(await process(again, with: bench.registry).record.reply == "Hello.")
        }
    }

    @Test func theSameSaveToldTwiceChangesNothing() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            let (worker, claimed) = try await bench.claim()
            let claim = try #require(claimed)
            var record = bench.record(for: claim, reply: "hi")
            for _ in 0..<2 { #expect(try await bench.work.saveProgress(record, of: claim)) }
            record.markStored()
            record.append(.assistant("more"))
            for _ in 0..<2 { #expect(try await bench.work.saveProgress(record, of: claim)) }
            record.markStored()
            #expect(try await bench.work.finish(record, of: claim, worker: worker, claiming: 0).stored)
            #expect(try await rows(bench, "number, content", of: "message") == ["1 hello", "2 hi", "3 more"])
            let events = try await rows(bench, "number, type, data ->> 'message'", of: "events")
            #expect(events == ["1 turn_started 1", "2 message 2", "3 message 3"])
        }
    }
}
