import Engine
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Store

/// A client's open transaction that has submitted to a conversation holds its row for as long as it likes.
@Suite struct LockedConversationTests {
    /// Runs `body` while a turn of conversation `held` has ended and cannot be stored.
    ///
    /// - Parameter end: Runs after it, outside of the transaction that holds the row, with the worker still there.
    private func withLockedTurn(
        _ configuration: WorkerConfiguration = .init(slots: 1),
        _ body: @Sendable (Bench, _ holder: Int64) async throws -> Void,
        end: @Sendable (Bench) async throws -> Void
    ) async throws {
        let gate = MockGate()
        try await withMockModel {
            $0.lastText == "first" ? .text("done").held(at: gate) : .text("reply to \($0.lastText)")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await withWorker(bench, configuration) { _ in
                    _ = try await bench.conversations.submit(.message("first"), to: "held")
                    _ = try await model.requests(count: 1)
                    try await bench.client.withTransaction { connection in
                        let rows = try await connection.query(
                            "SELECT agentctl.submit('held', 'second'), pg_backend_pid()::bigint AS pid"
                        )
                        let holder = try #require(try rows.first?.decode("pid", as: Int64.self))
                        await gate.openForever()
                        try await body(bench, holder)
                    }
                    try await end(bench)
                }
            }
        }
    }

    @Test func aTurnThatOnlyWaitsToBeStoredGivesItsSlotBack() async throws {
        try await withLockedTurn { bench, _ in
            // The worker has one slot.
            _ = try await bench.conversations.submit(.message("hello"), to: "free")
            try await bench.eventually(
                "SELECT coalesce(agentctl.reply('free', 1) = 'reply to hello', false)::text AS text"
            )
        } end: { bench in
            try await bench.eventually(
                "SELECT coalesce(agentctl.reply('held', 2) = 'reply to second', false)::text AS text"
            )
            #expect(
                try await bench.texts("SELECT attempt::text AS text FROM agentctl.turn ORDER BY started_at")
                    == ["1", "1", "1"]
            )
        }
    }

    @Test(arguments: [
        "SELECT agentctl.interrupt('held')", "SELECT agentctl.undo('held')", "SELECT agentctl.steer('held', 'x')",
        "SELECT agentctl.shutdown('held')", #"SELECT agentctl.set('held', '{"max_iterations": 3}')"#,
    ])
    func whatNeedsTheRowSaysWhoHasItAndEnds(_ statement: String) async throws {
        try await withLockedTurn { bench, holder in
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(PostgresStatement(statement))
            }
            #expect(error?.sqlState == "55P03")
            #expect(
                error?.message.hasPrefix(#"conversation "held" is locked by process \#(holder) of user "#) == true,
                "\(error?.message ?? "")"
            )
        } end: { _ in
        }
    }

    @Test func aClientThatSendsIsToldWhoHasIt() async throws {
        try await withLockedTurn { bench, holder in
            let error = await #expect(throws: StoreError.self) {
                try await bench.client().submit(.message("third"), to: "held")
            }
            #expect(error?.code == .unavailable && error?.hint != nil && error?.sqlState == "55P03")
            #expect(
                error?.message.hasPrefix(#"conversation "held" is locked by process \#(holder) of user "#) == true,
                "\(error?.message ?? "")"
            )
        } end: { _ in
        }
    }

    @Test func aWorkerThatDrainsDoesNotWaitForItForEver() async throws {
        let gate = MockGate()
        try await withMockModel { _ in
            .text("done").held(at: gate)
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.client.withTransaction { connection in
                    // The worker ends while the transaction is open.
                    try await withWorker(bench, .init(slots: 2, drainTimeout: .milliseconds(50))) { _ in
                        _ = try await bench.conversations.submit(.message("first"), to: "held")
                        _ = try await model.requests(count: 1)
                        _ = try await connection.query("SELECT agentctl.submit('held', 'second')")
                        await gate.openForever()
                    }
                }
                #expect(try await bench.texts("SELECT state::text AS text FROM agentctl.worker") == ["stopped"])
                #expect(try await bench.client().send(.message("third"), to: "held") { _ in }.reply == "done")
            }
        }
    }

    /// The statement that stores a turn waits for the row, and not so briefly for anything else.
    @Test func onlyTheRowIsWaitedForBriefly() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            let (worker, claimed) = try await bench.claim()
            let claim = try #require(claimed)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                try await bench.client.withTransaction { connection in
                    _ = try await connection.query("LOCK TABLE agentctl.message IN SHARE MODE")
                    group.addTask {
                        try await bench.work.finish(
                            bench.record(for: claim, reply: "hi"),
                            of: claim,
                            worker: worker,
                            claiming: 0
                        ).stored
                    }
                    // Three times what it waits for the row.
                    try await bench.eventually(
                        """
                        SELECT EXISTS (
                            SELECT FROM pg_locks AS l WHERE l.relation = 'agentctl.message'::regclass AND NOT l.granted
                              AND l.waitstart < clock_timestamp() - interval '750 ms')::text AS text
                        """
                    )
                }
                #expect(try await group.next() == true)
            }
        }
    }
}
