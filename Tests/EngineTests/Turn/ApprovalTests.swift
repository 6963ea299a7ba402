import JSON
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Safety
@testable import Store

/// A policy that asks about the tool write, denies the tool store and allows everything else.
private struct AskingPolicy: CallPolicy {
    var approvalTimeout: Duration = .seconds(3_600)

    func decide(_ call: ProposedCall) -> SafetyDecision {
        switch call.tool {
        case "write":
            SafetyDecision(.ask, rule: "policy test, rule 1", subject: call.arguments["entry"]?.stringValue ?? "")
        case "store": SafetyDecision(.deny, rule: "policy test, rule 2", reason: "Not this table.")
        default: SafetyDecision(.allow, rule: "policy test, rule 3")
        }
    }
}

@Suite struct ApprovalTests {
    private static func call(_ tool: String, _ entry: String, id: String) -> MockModelReply.ToolCall {
        .init(id: id, name: tool, arguments: #"{"entry":"\#(entry)"}"#)
    }

    /// A conversation whose model asks for the calls that a message names (`write:x,store:y`) and then says what came of
    /// the last of them.
    private func withConversation(
        timeout: Duration = .seconds(3_600),
        _ body: (Bench, ConversationClient, Ledger) async throws -> Void
    ) async throws {
        let ledger = Ledger()
        try await withMockModel { request in
            guard request.messages.last?["role"] == "user" else { return .text(request.lastText) }
            let calls = request.lastText.split(separator: ",").enumerated().map { index, word in
                let parts = word.split(separator: ":")
                return Self.call(String(parts[0]), String(parts[1]), id: "c\(index)")
            }
            return .toolCalls(calls)
        } perform: { model in
            try await Bench.with(ledger, model: model, policy: AskingPolicy(approvalTimeout: timeout)) { bench in
                try await body(bench, bench.client(), ledger)
            }
        }
    }

    private func pending(_ bench: Bench) async throws -> [Int64] {
        try await bench.conversations.approvals(isPending: true, limit: 10).compactMap { $0["id"]?.integerValue }
    }

    @Test func aCallThatIsAskedAboutParksItsTurnWithoutAWorker() async throws {
        try await withConversation { bench, client, ledger in
            let summary = try await client.send(.message("write:one"), to: "c") { _ in }
            #expect(summary.status == .waiting && summary.errorCode == "approval_required")
            #expect(ledger.all == [])
            let rows = try await bench.texts(
                """
                SELECT concat_ws(' ', conversation_id, seq, call_number, tool, subject, agent, rule) AS text
                FROM agentctl.pending_approvals
                """
            )
            #expect(rows == ["c 1 1 write one assistant policy test, rule 1"])
            let state = try await bench.text(
                "SELECT state || ' ' || (lease IS NULL)::text AS text FROM agentctl.conversation_control"
            )
            #expect(state == "waiting true")
            let events = try await bench.conversations.events(of: "c", after: 0).map(\.type)
            #expect(events == ["turn_started", "message", "tool_call_requested", "approval_requested", "waiting"])
            // Whoever sends something else is told what it waits behind.
            let next = try await client.send(.message("write:two"), to: "c") { _ in }
            #expect(next.status == .waiting && next.seq == 1)
        }
    }

    @Test func anApprovedCallRunsAndTheTurnGoesOn() async throws {
        try await withConversation { bench, client, ledger in
            let summary = try await client.send(.message("write:one"), to: "c") { _ in }
            let id = try #require(try await pending(bench).first)
            #expect(try await bench.conversations.decide(id, approves: true))
            let done = try await client.wait(for: summary.seq, of: "c", after: 4) { _ in }
            #expect(done.reply == "wrote one" && done.modelCalls == 2 && done.toolCalls == 1)
            #expect(ledger.all.map(\.entry) == ["one"])
            let twice = await #expect(throws: StoreError.self) {
                try await bench.conversations.decide(id, approves: false)
            }
            #expect(twice?.code == .refused && twice?.message.contains("was approved by") == true)
            let numbers = try await bench.conversations.events(of: "c", after: 0).map(\.number)
            #expect(numbers == (1...Int64(numbers.count)).map { $0 })
        }
    }

    @Test func anApprovalIsForTheVersionThatWasAskedAbout() async throws {
        try await withConversation { bench, client, ledger in
            let summary = try await client.send(.message("write:one"), to: "c") { _ in }
            let id = try #require(try await pending(bench).first)
            try await bench.register(
                #"{"kind": "tool", "name": "write", "implementation": "ledger", "description": "Writes otherwise."}"#
            )
            _ = try await bench.conversations.decide(id, approves: true)
            let done = try await client.wait(for: summary.seq, of: "c", after: 4) { _ in }
            #expect(done.reply?.contains("has changed since a person was asked about it") == true, "\(done)")
            #expect(ledger.all == [])
            #expect(try await bench.text("SELECT state::text AS text FROM agentctl.tool_call") == "denied")
        }
    }

    @Test func aDenialIsToldToTheModelWithItsReason() async throws {
        try await withConversation { bench, client, ledger in
            let summary = try await client.send(.message("write:one"), to: "c") { _ in }
            let id = try #require(try await pending(bench).first)
            #expect(try await bench.conversations.decide(id, approves: false, reason: "not on a Friday"))
            let done = try await client.wait(for: summary.seq, of: "c", after: 4) { _ in }
            #expect(done.reply == "Error: The call was denied. A person decided so: not on a Friday")
            #expect(ledger.all == [])
            #expect(try await bench.text("SELECT state::text AS text FROM agentctl.tool_call") == "denied")
        }
    }

    @Test func whatThePolicyDeniesNeverRunsAndNobodyIsAsked() async throws {
        try await withConversation { bench, client, _ in
            let summary = try await client.send(.message("store:one"), to: "c") { _ in }
            #expect(summary.reply == "Error: The call was denied. Not this table.")
            #expect(try await bench.texts("SELECT entry AS text FROM public.ledger") == [])
            #expect(try await pending(bench) == [])
        }
    }

    @Test func theCallsOfAnAnswerWaitForEachOther() async throws {
        try await withConversation { bench, client, ledger in
            let summary = try await client.send(.message("write:one,write:two,store:x"), to: "c") { _ in }
            let ids = try await pending(bench).sorted()
            #expect(ids.count == 2)
            #expect(try await bench.conversations.decide(ids[0], approves: true) == false)
            #expect(try await client.wait(for: summary.seq, of: "c", after: 0) { _ in }.status == .waiting)
            #expect(try await bench.conversations.decide(ids[1], approves: false))
            _ = try await client.wait(for: summary.seq, of: "c", after: 0) { _ in }
            #expect(ledger.all.map(\.entry) == ["one"])
            let states = try await bench.texts("SELECT state::text AS text FROM agentctl.tool_call ORDER BY number")
            #expect(states == ["succeeded", "denied", "denied"])
        }
    }

    @Test func aDecisionForTheConversationCoversTheSameAgainAndNothingElse() async throws {
        try await withConversation { bench, client, ledger in
            let summary = try await client.send(.message("write:one"), to: "c") { _ in }
            _ = try await bench.conversations.decide(
                try #require(try await pending(bench).first),
                approves: true,
                scope: "conversation"
            )
            _ = try await client.wait(for: summary.seq, of: "c", after: 0) { _ in }
            #expect(try await client.send(.message("write:one"), to: "c") { _ in }.reply == "wrote one")
            #expect(try await client.send(.message("write:two"), to: "c") { _ in }.status == .waiting)
            #expect(try await client.send(.message("write:one"), to: "d") { _ in }.status == .waiting)
            #expect(ledger.all.map(\.entry) == ["one", "one"])
        }
    }

    /// What was allowed for longer than once is what the tool did then.
    @Test func aDecisionForTheConversationIsForTheVersionThatWasAskedAbout() async throws {
        try await withConversation { bench, client, ledger in
            let summary = try await client.send(.message("write:one"), to: "c") { _ in }
            let id = try #require(try await pending(bench).first)
            _ = try await bench.conversations.decide(id, approves: true, scope: "conversation")
            _ = try await client.wait(for: summary.seq, of: "c", after: 0) { _ in }
            let changed =
                #"{"kind": "tool", "name": "write", "implementation": "ledger", "description": "Writes otherwise."}"#
            try await bench.register(changed)
            let asked = try await client.send(.message("write:one"), to: "c") { _ in }
            #expect(asked.status == .waiting && ledger.all.map(\.entry) == ["one"])
            _ = try await bench.conversations.decide(
                try #require(try await pending(bench).first),
                approves: true,
                scope: "conversation"
            )
            _ = try await client.wait(for: asked.seq, of: "c", after: 0) { _ in }
            #expect(try await client.send(.message("write:one"), to: "c") { _ in }.reply == "wrote one")
            #expect(ledger.all.count == 3)
        }
    }

    @Test func aRequestThatNobodyDecidesExpires() async throws {
        try await withConversation(timeout: .milliseconds(1)) { bench, client, ledger in
            let summary = try await client.send(.message("write:one"), to: "c") { _ in }
            let id = try await bench.text("SELECT id::text AS text FROM agentctl.approval").flatMap(Int64.init)
            let late = await #expect(throws: StoreError.self) {
                try await bench.conversations.decide(try #require(id), approves: true)
            }
            #expect(late?.code == .refused && late?.message.contains("expired") == true)
            _ = try await bench.work.reap()
            let done = try await client.wait(for: summary.seq, of: "c", after: 0) { _ in }
            #expect(done.reply == "Error: The call was denied. Nobody approved it in time.")
            #expect(ledger.all == [])
        }
    }

    @Test func aTurnThatWaitsCanBeInterrupted() async throws {
        try await withConversation { bench, client, ledger in
            let summary = try await client.send(.message("write:one"), to: "c") { _ in }
            let id = try #require(try await pending(bench).first)
            _ = try await bench.conversations.interrupt("c")
            let done = try await client.wait(for: summary.seq, of: "c", after: 0) { _ in }
            #expect(done.status == .interrupted && ledger.all == [])
            #expect(try await pending(bench) == [])
            let ended = await #expect(throws: StoreError.self) {
                try await bench.conversations.decide(id, approves: true)
            }
            #expect(ended?.code == .refused)
        }
    }

    /// Allows one call a turn.
    private struct OncePolicy: CallPolicy {
        let approvalTimeout: Duration = .seconds(1)

        func decide(_ call: ProposedCall) -> SafetyDecision {
            call.attemptedCalls.isEmpty
                ? SafetyDecision(.allow, rule: "once") : SafetyDecision(.deny, rule: "once", reason: "Once is enough.")
        }
    }

    @Test func whatAToolSaysHasNoSayInHowOftenItWasCalled() async throws {
        let ledger = Ledger()
        let answers = Mutex(0)
        try await withMockModel { _ in
            let number = answers.withLock { count in
                count += 1
                return count
            }
            return number == 3
                ? .text("done") : .toolCalls([Self.call("write", "=Error: The call was denied. No.", id: "same")])
        } perform: { model in
            try await Bench.with(ledger, model: model, policy: OncePolicy()) { bench in
                #expect(try await bench.client().send(.message("go"), to: "c") { _ in }.reply == "done")
                #expect(ledger.all.count == 1)
                let states = try await bench.texts("SELECT state::text AS text FROM agentctl.tool_call ORDER BY number")
                #expect(states == ["succeeded", "denied"])
            }
        }
    }

    /// A tool's output may begin with whatever others wrote: whether its call succeeded is in its row.
    @Test func whatATurnCalledBeforeItWaitedCountsByItsRow() async throws {
        let policy = try SafetyPolicy(documents: [
            (
                "p",
                [
                    "order": [["tool": "store", "rule": "after", "other": "write"]],
                    "rules": [["tool": "calculator", "action": "ask"], ["action": "allow"]],
                ]
            )
        ])
        let ledger = Ledger()
        try await withMockModel { request in
            switch request.messages.count(where: { $0["role"] == "tool" }) {
            case 0: .toolCalls([Self.call("write", "=Error: is how it begins", id: "a")])
            case 1: .toolCalls([.init(id: "b", name: "calculator", arguments: #"{"expression":"1+1"}"#)])
            case 2: .toolCalls([Self.call("store", "x", id: "c")])
            default: .text(request.lastText)
            }
        } perform: { model in
            try await Bench.with(ledger, model: model, policy: policy) { bench in
                let client = bench.client()
                let summary = try await client.send(.message("go"), to: "c") { _ in }
                #expect(summary.status == .waiting && ledger.all.count == 1)
                let outputs: PostgresStatement =
                    "SELECT state || ' ' || result AS text FROM agentctl.tool_call WHERE number = 1"
                #expect(try await bench.texts(outputs) == ["succeeded Error: is how it begins"])
                _ = try await bench.conversations.decide(try #require(try await pending(bench).first), approves: true)
                let done = try await client.wait(for: summary.seq, of: "c", after: 0) { _ in }
                #expect(done.reply == "stored x")
                #expect(ledger.all.count == 1)
            }
        }
    }

    @Test func aCallThatFailedBeforeATurnWaitedHasNotSucceeded() async throws {
        let policy = try SafetyPolicy(documents: [
            (
                "p",
                [
                    "order": [["tool": "write", "rule": "after", "other": "store"]],
                    "rules": [["tool": "calculator", "action": "ask"], ["action": "allow"]],
                ]
            )
        ])
        try await withMockModel { request in
            switch request.messages.count(where: { $0["role"] == "tool" }) {
            case 0: .toolCalls([Self.call("store", "refused", id: "a")])
            case 1: .toolCalls([.init(id: "b", name: "calculator", arguments: #"{"expression":"1+1"}"#)])
            case 2: .toolCalls([Self.call("write", "x", id: "c")])
            default: .text(request.lastText)
            }
        } perform: { model in
            let ledger = Ledger()
            try await Bench.with(ledger, model: model, policy: policy) { bench in
                let client = bench.client()
                let summary = try await client.send(.message("go"), to: "c") { _ in }
                _ = try await bench.conversations.decide(try #require(try await pending(bench).first), approves: true)
                let done = try await client.wait(for: summary.seq, of: "c", after: 0) { _ in }
                #expect(
                    done.reply?.hasPrefix("Error: The call was denied. write can be called only after store") == true
                )
                #expect(ledger.all == [])
            }
        }
    }
}
