import Conversation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// Messages that a worker knows are not sent to it, and none that it may know otherwise.
@Suite struct KnownMessagesTests {
    private struct Undone: Error {}

    /// How many bytes of messages a claim of the conversation `c` would bring to a worker; nothing is claimed.
    private func bytes(_ bench: Bench, to worker: Int64) async throws -> Int {
        var bytes: Int?
        await #expect(throws: Undone.self) {
            try await bench.client.withTransaction { connection in
                let rows = try await connection.query(
                    "SELECT coalesce(octet_length(history::text), 0)::bigint AS bytes FROM agentctl.claim($1, 1, 'c')",
                    [.integer(worker)]
                )
                bytes = try rows.first.map { Int(try $0.decode("bytes", as: Int64.self)) }
                throw Undone()
            }
        }
        return try #require(bytes)
    }

    /// Has a worker answer messages of the conversation `c`, and keep what was said.
    private func answer(_ texts: [String], _ bench: Bench, by worker: Int64) async throws {
        for text in texts {
            _ = try await bench.conversations.submit(.message(text), to: "c")
            let claim = try #require(try await bench.work.claim(worker: worker, maximum: 1, conversation: "c").first)
            var record = bench.record(for: claim, reply: "to \(text)")
            record.isKept = true
            #expect(try await bench.work.finish(record, of: claim, worker: worker, claiming: 0).stored)
        }
    }

    private func withWorkers(_ body: (Bench, _ first: Int64, _ second: Int64) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let first = try await bench.work.startWorker(WorkerDescription(kind: .service, slots: 1)).id
            let second = try await bench.work.startWorker(WorkerDescription(kind: .service, slots: 1)).id
            try await body(bench, first, second)
        }
    }

    @Test func theWorkerThatEndedTheLastTurnIsSentANumber() async throws {
        try await withWorkers { bench, first, second in
            try await answer(["one", "two"], bench, by: first)
            _ = try await bench.conversations.submit(.message("three"), to: "c")
            let claim = try #require(try await bench.work.claim(worker: first, maximum: 1).first)
            #expect(claim.past == .known(from: 1) && claim.lastMessage == 4)
            // Whoever gives it back knows nothing: what made it do so is not known either.
            #expect(try await bench.work.release(claim))
            let again = try #require(try await bench.work.claim(worker: first, maximum: 1).first)
            #expect(again.history == [.user("one"), .assistant("to one"), .user("two"), .assistant("to two")])
            #expect(try await bench.work.release(again))
            #expect(try await bench.work.claim(worker: second, maximum: 1).first?.history.count == 4)
        }
    }

    @Test func whatAnotherWorkerHasAnsweredIsSent() async throws {
        try await withWorkers { bench, first, second in
            try await answer(["one"], bench, by: first)
            try await answer(["two"], bench, by: second)
            _ = try await bench.conversations.submit(.message("three"), to: "c")
            #expect(try await bench.work.claim(worker: first, maximum: 1).first?.history.count == 4)
        }
    }

    /// Everything else that can happen to messages.
    private static let changes: [(String, what: @Sendable (Bench, Int64) async throws -> Void)] = [
        ("undo", { bench, _ in _ = try await bench.conversations.undo(1, of: "c") }),
        ("settings", { bench, _ in _ = try await bench.conversations.set(["temperature": 0.5], of: "c") }),
        ("by hand", { bench, _ in _ = try await bench.client.query("UPDATE agentctl.message SET content = 'x'") }),
        (
            "deleted by hand",
            { bench, _ in
                _ = try await bench.client.query("DELETE FROM agentctl.message WHERE number = 1")
            }
        ),
        (
            "begun anew",
            { bench, worker in
                _ = try await bench.client.query("SELECT agentctl.delete_conversation('c')")
                _ = try await bench.conversations.submit(.message("other"), to: "c")
                let claim = try #require(try await bench.work.claim(worker: worker, maximum: 1).first)
                _ = try await bench.work.finish(
                    bench.record(for: claim, reply: "else"),
                    of: claim,
                    worker: worker,
                    claiming: 0
                )
            }
        ),
    ]

    @Test func whatHasChangedIsSent() async throws {
        for (name, change) in Self.changes {
            try await withWorkers { bench, first, second in
                try await answer(["one", "two"], bench, by: first)
                try await change(bench, first)
                // An operation is carried out by whichever worker comes first.
                for worker in [first, second] {
                    while let claim = try await bench.work.claim(worker: worker, maximum: 1).first {
                        #expect(!claim.isMessage)
                        #expect(try await bench.work.apply(claim))
                    }
                }
                _ = try await bench.conversations.submit(.message("three"), to: "c")
                let claim = try #require(try await bench.work.claim(worker: first, maximum: 1).first)
                let told = try await bench.texts(
                    """
                    SELECT content AS text FROM agentctl.message
                    WHERE conversation_id = 'c' AND undone_by IS NULL ORDER BY number
                    """
                )
                #expect(claim.history.map(\.content) == told && !told.isEmpty, "\(name)")
            }
        }
    }

    /// The worker of the turn has the message as it was, and must not keep it.
    @Test(arguments: [
        "UPDATE agentctl.message SET content = '[redacted]' WHERE number = 1",
        "DELETE FROM agentctl.message WHERE number = 1",
    ])
    func whatIsChangedWhileATurnRunsIsSent(change: String) async throws {
        try await withWorkers { bench, first, _ in
            try await answer(["secret"], bench, by: first)
            _ = try await bench.conversations.submit(.message("two"), to: "c")
            let running = try #require(try await bench.work.claim(worker: first, maximum: 1).first)
            _ = try await bench.client.query(PostgresStatement(change))
            var record = bench.record(for: running, reply: "done")
            record.isKept = true
            #expect(try await bench.work.finish(record, of: running, worker: first, claiming: 0).stored)
            _ = try await bench.conversations.submit(.message("three"), to: "c")
            let claim = try #require(try await bench.work.claim(worker: first, maximum: 1).first)
            let oldest = change.hasPrefix("UPDATE") ? ["[redacted]"] : []
            #expect(claim.history.map(\.content) == oldest + ["to secret", "two", "done"])
        }
    }

    @Test func theTenThousandthMessageIsSentLikeTheTenth() async throws {
        try await withWorkers { bench, first, second in
            try await answer((1...5).map { "message \($0)" }, bench, by: first)
            _ = try await bench.conversations.submit(.message("next"), to: "c")
            let few = try await bytes(bench, to: first)
            try await bench.script(
                """
                INSERT INTO agentctl.message (conversation_id, number, seq, role, content)
                SELECT 'c', 10 + n, 5, 'user', repeat('word ', 40) FROM generate_series(1, 9980) AS n;
                UPDATE agentctl.conversation_control SET last_message = 9990;
                """
            )
            let claim = try #require(try await bench.work.claim(worker: first, maximum: 1).first)
            var record = bench.record(for: claim, reply: "done")
            record.isKept = true
            #expect(try await bench.work.finish(record, of: claim, worker: first, claiming: 0).stored)
            _ = try await bench.conversations.submit(.message("last"), to: "c")
            let many = try await bytes(bench, to: first)
            #expect(few == 1 && many == 4)
            #expect(try await bytes(bench, to: second) > 20_000)
        }
    }

    @Test func aWorkerShowsTheModelTheSameAsIfItWereSentAll() async throws {
        try await withMockModel {
            $0.lastText == "What is 6*7?" && $0.messages.last?["role"] == "user"
                ? .toolCalls([.init(id: "call_1", name: "calculator", arguments: #"{"expression": "6*7"}"#)])
                : .text("to \($0.lastText)")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                let say = { (texts: [String]) in
                    for text in texts {
                        _ = try await bench.conversations.submit(.message(text), to: "c")
                        try await bench.eventually(
                            "SELECT (state = 'idle')::text AS text FROM agentctl.conversation_control"
                        )
                    }
                }
                try await withWorker(bench) { _ in
                    try await say(["one", "What is 6*7?", "two"])
                    #expect(
                        try await bench.text("SELECT known_by::text AS text FROM agentctl.conversation_control") == "1"
                    )
                    try await say(["three"])
                }
                let known = try #require(await model.requests.last?.messages)
                _ = try await bench.client.query(
                    "SELECT agentctl.undo('c', 1)"
                )
                try await withWorker(bench) { _ in
                    try await say(["three"])
                    #expect(await model.requests.last?.messages == known && known.count > 6)
                    // It was never told of these: they are asked for.
                    try await bench.script(
                        """
                        INSERT INTO agentctl.conversation (id, agent) VALUES ('d', 'assistant');
                        INSERT INTO agentctl.conversation_control (conversation_id, last_message, known_by)
                        SELECT 'd', 1, max(id) FROM agentctl.worker;
                        INSERT INTO agentctl.message (conversation_id, number, seq, role, content)
                        VALUES ('d', 1, 0, 'user', 'from elsewhere');
                        SELECT agentctl.submit('d', 'go on');
                        """
                    )
                    try await bench.eventually(
                        "SELECT (count(*) = 1)::text AS text FROM agentctl.turn WHERE conversation_id = 'd'"
                    )
                    let shown = await model.requests.last?.messages.compactMap { $0["content"]?.stringValue }
                    #expect(shown?.contains("from elsewhere") == true && shown?.last == "go on")
                }
            }
        }
    }
}
