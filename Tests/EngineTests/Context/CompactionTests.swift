import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store
@testable import Tools

/// Summaries that stand for the oldest messages, in a database.
@Suite struct CompactionTests {
    private static let long = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 20)

    /// What the model is shown, one line a message; a summary is told by how it begins.
    private static func shown(_ request: MockModelRequest) -> [String] {
        request.messages.dropFirst().compactMap { message in
            let text = message["content"]?.stringValue ?? ""
            // Between two messages of the user, as a summary is one.
            if text == "(no answer)" { return nil }
            return text.hasPrefix("[A summary")
                ? "S:" + (text.split(separator: "\n").last.map(String.init) ?? "") : String(text.prefix(2))
        }
    }

    private static func isForSummary(_ request: MockModelRequest) -> Bool {
        request.messages.first?["content"]?.stringValue?.hasPrefix("You write the summary") == true
    }

    /// A conversation of an agent that says what it was shown; asked for a summary it says what it is given as a summary.
    private func withConversation(
        agent: String = "",
        summary: @escaping @Sendable (MockModelRequest) -> MockModelReply = { _ in .text("in short") },
        _ body: (Bench, ConversationClient, MockModel) async throws -> Void
    ) async throws {
        try await withMockModel { request in
            Self.isForSummary(request) ? summary(request) : .text(Self.shown(request).joined(separator: "|"))
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL, agent: agent))
                try await body(bench, bench.client(), model)
            }
        }
    }

    private func say(_ texts: [String], _ client: ConversationClient) async throws -> String? {
        var reply: String?
        for text in texts { reply = try await client.send(.message(text), to: "x") { _ in }.reply }
        return reply
    }

    @Test func summariesAreAmongTheCallsToTheModel() async throws {
        try await withConversation { bench, client, model in
            _ = try await say(["1" + Self.long, "2" + Self.long, "3" + Self.long, "4"], client)
            _ = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            #expect(
                try await bench.texts(
                    "SELECT concat_ws(' ', kind, count(*)) AS text FROM agentctl.model_calls GROUP BY kind ORDER BY kind"
                )
                    == ["model_call 4", "compaction 1"]
            )
            let sum = try await bench.text(
                """
                SELECT ((SELECT sum(cost_usd) FROM agentctl.step) + (SELECT sum(cost_usd) FROM agentctl.compaction))::text AS text
                """
            )
            let told = try await bench.text(
                "SELECT concat_ws(' ', calls, succeeded, cost_usd) AS text FROM agentctl.model_metrics"
            )
            #expect(told == "5 5 \(sum ?? "")")
            let counts: [(agent: String, calls: JSONValue?)] = [("assistant", 5), ("nobody", nil)]
            for (agent, calls) in counts {
                let report = try await bench.reports.modelMetrics(MetricsFilter(agent: agent))
                #expect(report.first?["calls"] == calls)
            }
            // A summary that a turn has made is no second one in its step.
            try await bench.register(
                Documents.model(at: model.baseURL, agent: #""compact_at": 0.1"#)
                    .replacing(#""model": "mock-1","#, with: #""model": "mock-1", "context_window": 2048,"#)
            )
            _ = try await say(["5" + Self.long, "6" + Self.long, "7" + Self.long], client)
            let steps = try await bench.text(
                "SELECT count(*)::text AS text FROM agentctl.step WHERE kind = 'compaction'"
            )
            #expect(steps != "0")
            let both = try await bench.text(
                "SELECT (sum(calls) = (SELECT count(*) FROM agentctl.step WHERE model IS NOT NULL) + 1)::text AS text FROM agentctl.model_metrics"
            )
            #expect(both == "true")
        }
    }

    @Test func anOperationThatCannotBeStoredSaysSoAndIsTriedAgain() async throws {
        try await withConversation { bench, client, _ in
            _ = try await say(["1" + Self.long, "2" + Self.long, "3" + Self.long, "4"], client)
            _ = try await bench.client.query("UPDATE agentctl.setting SET value = '100' WHERE name = 'max_attempts'")
            _ = try await bench.client.query(
                "ALTER TABLE agentctl.compaction ADD CONSTRAINT refused CHECK (number < 0) NOT VALID"
            )
            let seq = try await bench.conversations.compact("x")
            async let settled = client.settle(seq, of: "x")
            try await bench.eventually(
                "SELECT (count(*) > 0)::text AS text FROM agentctl.event WHERE data ->> 'code' = 'operation_postponed'"
            )
            let told = try await bench.text(
                """
                SELECT concat_ws(' ', s.error_code, agentctl.trace_turn('x', $1) ->> 'error_code', s.error_message) AS text
                FROM agentctl.submissions AS s WHERE s.seq = $1
                """,
                [.integer(seq)]
            )
            #expect(told?.hasPrefix("operation_postponed operation_postponed attempt ") == true, "\(told ?? "")")
            #expect(told?.contains("refused") == true, "\(told ?? "")")
            _ = try await bench.client.query("ALTER TABLE agentctl.compaction DROP CONSTRAINT refused")
            let events = try await settled
            #expect(events.last?.type == "compacted" && Set(events.dropLast().map(\.type)) == ["error"])
            let end = try await bench.text(
                """
                SELECT concat_ws(' ', s.status, s.error_code, agentctl.trace_turn('x', $1) -> 'result' ->> 'type') AS text
                FROM agentctl.submissions AS s WHERE s.seq = $1
                """,
                [.integer(seq)]
            )
            #expect(end == "done compacted")
        }
    }

    /// As by a conflict with whatever else happens, each time.
    @Test func anOperationThatIsRefusedForAWhileAgainAndAgainEnds() async throws {
        try await withConversation { bench, client, _ in
            _ = try await say(["1" + Self.long, "2" + Self.long, "3" + Self.long, "4"], client)
            _ = try await bench.client.query("UPDATE agentctl.setting SET value = '2' WHERE name = 'max_attempts'")
            try await bench.client.withConnection {
                try await $0.executeScript(
                    """
                    CREATE OR REPLACE FUNCTION agentctl.compaction_source(conversation text, upto bigint) RETURNS jsonb
                    LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$
                    """
                )
            }
            let seq = try await bench.conversations.compact("x")
            let events = try await client.settle(seq, of: "x")
            #expect(events.last?.data["code"] == "operation_failed", "\(events)")
        }
    }

    @Test func aTurnWhoseCompactionCannotBeStoredIsAnsweredAndSaysSo() async throws {
        try await withConversation(agent: #""compact_at": 0.1"#) { bench, client, model in
            try await bench.register(
                Documents.model(at: model.baseURL, agent: #""compact_at": 0.1"#)
                    .replacing(#""model": "mock-1","#, with: #""model": "mock-1", "context_window": 2048,"#)
            )
            _ = try await bench.client.query(
                "ALTER TABLE agentctl.compaction ADD CONSTRAINT refused CHECK (number < 0) NOT VALID"
            )
            let reply = try await say(["1" + Self.long, "2" + Self.long, "3" + Self.long, "4"], client)
            #expect(reply?.hasSuffix("|4") == true, "\(reply ?? "")")
            let step = try await bench.text(
                """
                SELECT concat_ws(' ', s.error_code, s.error_message LIKE '%refused%') AS text
                FROM agentctl.step AS s WHERE s.kind = 'compaction' LIMIT 1
                """
            )
            #expect(step == "compaction_not_stored t")
        }
    }

    @Test func theOldestTurnsAreSummarizedByTheModelAndStay() async throws {
        try await withConversation { bench, client, model in
            _ = try await say(["1" + Self.long, "2" + Self.long, "3" + Self.long, "4"], client)
            let events = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            #expect(events.map(\.type) == ["compacted"])
            let data = events[0].data
            #expect(data["first_message"] == 1 && data["last_message"] == 4 && data["by"] == "model")
            #expect(data["summary_bytes"] == 8)
            let (before, after) = (data["before_tokens"]?.integerValue ?? 0, data["after_tokens"]?.integerValue ?? 0)
            #expect(before > 300 && after < 60)
            // The messages are given as data, a line each.
            let asked = try #require(await model.requests.last)
            #expect(asked.messages.count == 2 && asked.toolNames == [])
            let lines = asked.lastText.split(separator: "\n").map { try? JSONValue(parsing: String($0)) }
            #expect(lines.map { $0?["role"] } == ["user", "assistant", "user", "assistant"])
            #expect(try await say(["5"], client) == "S:in short|3T|1T|4|1T|5")
            // A second one tells also of the first.
            let more = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            #expect(more[0].data["first_message"] == 1 && more[0].data["last_message"] == 6)
            #expect(await model.requests.last?.lastText.contains("in short") == true)
            let row = try await bench.text(
                """
                SELECT concat_ws(' ', count(*), sum(cost_usd) > 0, sum(input_tokens) > 0, max(model), max(created_by)) AS text
                FROM agentctl.compaction
                """
            )
            #expect(row == "2 t t mock 7")
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.message") == "10")
        }
    }

    @Test func aCompactionIsTakenBackAndTheOneBeforeIsInForceAgain() async throws {
        try await withConversation { bench, client, _ in
            _ = try await say(["1" + Self.long, "2" + Self.long, "3" + Self.long, "4"], client)
            _ = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            _ = try await say(["5"], client)
            _ = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            let first = try await client.settle(try await bench.conversations.undoCompaction(of: "x"), of: "x")
            #expect(first.map(\.type) == ["compaction_undone"] && first[0].data["last_message"] == 6)
            #expect(try await say(["6"], client)?.hasPrefix("S:in short|3T|1T|4") == true)
            _ = try await client.settle(try await bench.conversations.undoCompaction(of: "x"), of: "x")
            #expect(try await say(["7"], client)?.hasPrefix("1T|1T|2T|1T|3T") == true)
            let none = try await client.settle(try await bench.conversations.undoCompaction(of: "x"), of: "x")
            #expect(none[0].data["code"] == "compaction_refused")
        }
    }

    @Test func itIsRefusedWhenThereIsNothingOrItWouldGrow() async throws {
        let chatty = Self.long + Self.long
        try await withConversation(summary: { _ in .text(chatty) }) { bench, client, _ in
            _ = try await say(["1", "2"], client)
            let nothing = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            #expect(nothing.map(\.type) == ["error"])
            #expect(nothing[0].data["message"]?.stringValue?.hasPrefix("there is nothing to compact") == true)
            _ = try await say(["3", "4"], client)
            let grown = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            #expect(grown[0].data["message"] == "the summary would be longer than what it stands for")
            #expect(grown[0].data["cost_usd"]?.numberValue ?? 0 > 0)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.compaction") == "0")
        }
    }

    @Test func aModelThatFailsIsReplacedByAnExtraction() async throws {
        try await withConversation(summary: { _ in .error(status: 400) }) { bench, client, _ in
            _ = try await say(["Read src/main.c please. " + Self.long, "Then this. " + Self.long, "3", "4"], client)
            let events = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            #expect(events[0].data["by"] == "extraction")
            let summary = try await bench.text("SELECT summary AS text FROM agentctl.compaction")
            #expect(summary?.contains("Files named: src/main.c") == true)
            #expect(summary?.contains("- User: Read src/main.c please.\n") == true)
            #expect(try await bench.text("SELECT error_code AS text FROM agentctl.compaction") == "invalid_request")
        }
    }

    @Test(arguments: ["length", "error", "SAFETY", ""])
    func aSummaryThatIsNotWholeStandsForNothing(reason: String) async throws {
        var cut = MockModelReply.text("The user asked to")
        cut.finishReason = reason
        // Of the empty word the stream's end is taken away as well: then nothing says that the answer is whole.
        let reply = reason.isEmpty ? MockModelReply.unfinished(after: "The user asked to") : cut
        try await withConversation(summary: { _ in reply }) { bench, client, _ in
            _ = try await say((1...4).map { "My order number \($0) is 4711\($0). " + Self.long }, client)
            let events = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            #expect(events[0].data["by"] == "extraction")
            // Whoever reads the event is told why.
            #expect(events[0].data["reason"]?.stringValue?.isEmpty == false)
            let summary = try await bench.text("SELECT summary AS text FROM agentctl.compaction")
            #expect(summary?.contains("47111") == true && summary?.contains("The user asked to") == false)
            let code = try await bench.text("SELECT error_code AS text FROM agentctl.compaction")
            let codes = ["length": "summary_cut", "error": "server", "SAFETY": "content_filtered", "": "truncated"]
            #expect(code == codes[reason])
        }
    }

    @Test func rulesAreSummarizedWithoutAModel() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let client = bench.client()
            _ = try await say(["what is 1+1", "hello " + Self.long, "x " + Self.long, "a", "b"], client)
            let events = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            #expect(events[0].data["by"] == "extraction")
            let summary = try await bench.text("SELECT summary AS text FROM agentctl.compaction")
            #expect(summary?.contains("Tools called: calculator") == true)
        }
    }

    @Test func aTurnBeginsWithASummaryWhenTheContextIsTooFull() async throws {
        try await withConversation { bench, client, _ in
            try await bench.register(
                """
                [{"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(await bench.baseURL())", "model": "mock-1",
                  "context_window": 1500, "prices": {"input": 1, "output": 2}},
                 {"kind": "agent", "name": "assistant", "model": "mock", "compact_at": 0.5, "system_prompt": "Be brief.",
                  "max_output_tokens": 100}]
                """
            )
            _ = try await say(["1" + Self.long, "2" + Self.long, "3" + Self.long], client)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.compaction") == "0")
            #expect(try await say(["4" + Self.long], client) == "S:in short|2T|1T|3T|1T|4T")
            let steps = try await bench.texts(
                "SELECT kind::text AS text FROM agentctl.step WHERE seq = 4 ORDER BY number"
            )
            #expect(steps == ["compaction", "model_call"])
            let sums = try await bench.text(
                """
                SELECT (t.cost_usd = s.cost AND t.model_calls = 1 AND o.cost_usd > 0 AND o.created_by = 4)::text AS text
                FROM agentctl.turn AS t, agentctl.compaction AS o,
                     LATERAL (SELECT sum(cost_usd) AS cost FROM agentctl.step AS s WHERE s.seq = 4) AS s
                WHERE t.seq = 4
                """
            )
            #expect(sums == "true")
            let events = try await bench.conversations.events(of: "x", after: 0)
            #expect(events.map(\.number) == Array(1...Int64(events.count)))
            #expect(
                events.filter { $0.seq == 4 }.map(\.type) == ["compacted", "turn_started", "message", "turn_complete"]
            )
        }
    }

    /// A summary of next to nothing would be made again with every turn.
    @Test func lastTurnsThatFillTheContextAloneAreNoReasonForASummary() async throws {
        try await withConversation { bench, client, _ in
            try await bench.register(
                """
                [{"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(await bench.baseURL())", "model": "mock-1",
                  "context_window": 2500},
                 {"kind": "agent", "name": "assistant", "model": "mock", "compact_at": 0.3, "system_prompt": "Be brief.",
                  "max_output_tokens": 100}]
                """
            )
            _ = try await say(["a", "b", "1" + Self.long, "2" + Self.long, "3" + Self.long], client)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.compaction") == "0")
        }
    }

    @Test func anUndoneTurnTakesTheSummaryThatTellsOfItAlong() async throws {
        try await withConversation { bench, client, _ in
            _ = try await say(["1" + Self.long, "2" + Self.long, "3" + Self.long, "4"], client)
            _ = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            // The last two turns are not summarized: undoing them leaves the summary in force.
            _ = try await client.settle(try await bench.conversations.undo(2, of: "x"), of: "x")
            #expect(try await say(["5"], client) == "S:in short|5")
            _ = try await client.settle(try await bench.conversations.undo(2, of: "x"), of: "x")
            #expect(try await say(["6"], client) == "1T|1T|6")
        }
    }

    @Test func aForkTakesTheSummaryAlong() async throws {
        try await withConversation { bench, client, _ in
            _ = try await say(["0"], client)
            _ = try await client.settle(try await bench.conversations.undo(1, of: "x"), of: "x")
            _ = try await say(["1" + Self.long, "2" + Self.long, "3" + Self.long, "4"], client)
            _ = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            #expect(try await bench.conversations.fork("x", to: "y", message: nil, agent: nil) == 8)
            #expect(try await client.send(.message("5"), to: "y") { _ in }.reply == "S:in short|3T|1T|4|1T|5")
            #expect(try await bench.conversations.fork("x", to: "z", message: 5, agent: nil) == 3)
            #expect(try await client.send(.message("5"), to: "z") { _ in }.reply == "1T|1T|2T|5")
        }
    }

    @Test func aCompactionThatSomebodyStopsIsRefused() async throws {
        try await withConversation(summary: { _ in .hang(after: "in") }) { bench, client, model in
            _ = try await say(["1" + Self.long, "2" + Self.long, "3", "4"], client)
            let worker = bench.worker(.init(slots: 1))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await worker.run() }
                _ = try await bench.conversations.compact("x")
                _ = try await model.requests(count: 5)
                #expect(try await bench.conversations.interrupt("x") == 5)
                try await bench.eventually(
                    "SELECT (count(*) = 1)::text AS text FROM agentctl.event WHERE seq = 5 AND data ->> 'code' = 'compaction_refused'"
                )
                group.cancelAll()
            }
        }
    }

    @Test func whatWasCompactedIsFoundAgain() async throws {
        try await withConversation { bench, client, _ in
            _ = try await say(
                ["The key is 4711-violet. " + Self.long, "nothing " + Self.long, "übrigens: 密码是龙", "4"],
                client
            )
            _ = try await client.settle(try await bench.conversations.compact("x"), of: "x")
            func found(_ query: String, before seq: Int64 = 99) async throws -> [Int64] {
                try await bench.queries.recall(query, of: "x", before: seq, maximum: 5).map(\.number)
            }
            #expect(try await found("violet key") == [1])
            #expect(try await found("4711-VIOLET") == [1])
            #expect(try await found("密码") == [5])
            #expect(try await found("violet", before: 1) == [])
            #expect(try await found("'; DROP TABLE x; -- & | ! ( :*") == [])
            let excerpt = try await bench.queries.recall("violet key", of: "x", before: 99, maximum: 5).first?.excerpt
            #expect(excerpt?.contains("4711-violet") == true)
            _ = try await client.settle(try await bench.conversations.undo(4, of: "x"), of: "x")
            #expect(try await found("violet") == [])
        }
    }

    @Test func theModelCallsRecall() async throws {
        let call = MockModelReply.ToolCall(id: "a", name: "recall", arguments: #"{"query":"violet"}"#)
        try await withMockModel { request in
            let last = request.messages.last
            if last?["role"] == "tool" { return .text(request.lastText) }
            return request.lastText == "find" ? .toolCalls([call]) : .text("ok")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(
                    """
                    [{"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(model.baseURL)", "model": "m"},
                     {"kind": "tool", "name": "recall", "description": "Finds.", "implementation": "recall"},
                     {"kind": "agent", "name": "assistant", "model": "mock", "tools": ["recall"], "history_limit": 0}]
                    """
                )
                let services = ToolServices(queries: bench.queries)
                let client = ConversationClient(
                    conversations: bench.conversations,
                    work: bench.work,
                    registry: bench.registry,
                    services: services,
                    logger: .silent
                )
                _ = try await client.send(.message("it is violet"), to: "x") { _ in }
                let reply = try await client.send(.message("find"), to: "x") { _ in }.reply
                #expect(reply == "[message 1, user] it is violet")
            }
        }
    }
}

extension Bench {
    /// Where the registered mock model listens.
    fileprivate func baseURL() async -> String {
        (try? await text("SELECT base_url AS text FROM agentctl.models WHERE name = 'mock'")) ?? ""
    }
}
