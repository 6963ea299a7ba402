import Conversation
import JSON
import Postgres
import TestSupport
import Testing

import struct FoundationEssentials.Date
import struct FoundationEssentials.UUID

@testable import Engine
@testable import Store

/// Turns that end at about the same time are stored in one commit, and each for itself.
@Suite struct TurnWriterTests {
    /// Claims the only messages of conversations.
    private func claims(of conversations: [String], _ bench: Bench) async throws -> (Int64, [ClaimedSubmission]) {
        try await bench.register(Documents.offline)
        for name in conversations { _ = try await bench.conversations.submit(.message("hello"), to: name) }
        let worker = try await bench.work.startWorker(WorkerDescription(kind: .service, slots: 8)).id
        let claims = try await bench.work.claim(worker: worker, maximum: conversations.count)
        try #require(claims.count == conversations.count)
        return (worker, claims.sorted { $0.conversation < $1.conversation })
    }

    private func ended(_ claim: ClaimedSubmission, _ bench: Bench) -> EndedTurn {
        EndedTurn(claim: claim, record: bench.record(for: claim, reply: "hi \(claim.conversation)").text)
    }

    private func replies(_ bench: Bench) async throws -> [String] {
        try await bench.texts(
            "SELECT content AS text FROM agentctl.message WHERE role = 'assistant' ORDER BY conversation_id, number"
        )
    }

    @Test func whatEndsWhileATurnIsStoredIsStoredTogether() async throws {
        try await withBench { bench in
            let names = (0..<8).map { "c\($0)" }
            let (worker, claims) = try await claims(of: names, bench)
            let writer = TurnWriter(store: bench.work, worker: worker, logger: .silent)
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await bench.client.withTransaction { connection in
                    _ = try await connection.query("LOCK TABLE agentctl.message IN SHARE MODE")
                    for claim in claims {
                        group.addTask {
                            let stored = await writer.store(ended(claim, bench)) { true }
                            #expect(stored?.outcome == .stored && stored?.next == nil)
                        }
                    }
                    // The first one cannot be stored as long as the lock is held.
                    try await eventually("the others wait") { writer.waiting == claims.count - 1 }
                }
                try await group.waitForAll()
            }
            #expect(try await replies(bench) == names.map { "hi \($0)" })
            #expect(try await bench.text("SELECT count(DISTINCT xmin::text)::text AS text FROM agentctl.turn") == "2")
            #expect(
                try await bench.texts(
                    "SELECT DISTINCT format('%s %s %s', state, last_message, last_event) AS text FROM agentctl.conversation_control"
                ) == ["idle 2 2"]
            )
        }
    }

    @Test func whatOthersHaveOrTookIsLeftOut() async throws {
        try await withBench { bench in
            let (worker, claims) = try await claims(of: ["fenced", "free", "held"], bench)
            _ = try await bench.client.query(
                "UPDATE agentctl.conversation_control SET lease = gen_random_uuid() WHERE conversation_id = 'fenced'"
            )
            _ = try await bench.conversations.submit(.message("next"), to: "more")
            try await bench.client.withTransaction { connection in
                _ = try await connection.query("SELECT agentctl.submit('held', 'second')")
                let stored = try await bench.work.finish(
                    claims.map { ended($0, bench) },
                    worker: worker,
                    claiming: 2
                )
                #expect(stored.outcomes == [.leaseLost, .stored, .alone])
                #expect(stored.next.map(\.conversation) == ["more"])
            }
            #expect(try await replies(bench) == ["hi free"])
        }
    }

    @Test func aTurnThatIsRefusedCostsTheOthersNothingButAnAttempt() async throws {
        try await withBench { bench in
            let (worker, claims) = try await claims(of: ["a", "b", "c"], bench)
            // The number of the next message is taken.
            _ = try await bench.client.query(
                """
                INSERT INTO agentctl.message (conversation_id, number, seq, role, content) VALUES ('b', 1, 1, 'user', 'x')
                """
            )
            await #expect(throws: StoreError.self) {
                try await bench.work.finish(claims.map { ended($0, bench) }, worker: worker, claiming: 0)
            }
            #expect(try await replies(bench) == [])
            let writer = TurnWriter(store: bench.work, worker: worker, logger: .silent)
            #expect(await writer.store(ended(claims[1], bench)) { false } == nil)
            #expect(await writer.store(ended(claims[0], bench)) { false }?.outcome == .stored)
            #expect(await writer.store(ended(claims[2], bench)) { false }?.outcome == .stored)
            #expect(try await replies(bench) == ["hi a", "hi c"])
        }
    }

    /// Two batches that release tasks in different orders would wait for each other.
    @Test func whatTasksWaitForIsStoredAlone() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.script(
                """
                SELECT agentctl.submit_task('a', agent => 'assistant'), agentctl.submit_task('b', agent => 'assistant');
                SELECT agentctl.submit_task('c', agent => 'assistant', depends_on => ARRAY[1]);
                """
            )
            let worker = try await bench.work.startWorker(WorkerDescription(kind: .service, slots: 8)).id
            let claims = try await bench.work.claim(worker: worker, maximum: 8).sorted {
                $0.conversation < $1.conversation
            }
            let stored = try await bench.work.finish(claims.map { ended($0, bench) }, worker: worker, claiming: 0)
            #expect(stored.outcomes == [.alone, .stored])
            let first = try await bench.work.finish([ended(claims[0], bench)], worker: worker, claiming: 1)
            #expect(first.outcomes == [.stored])
            #expect(first.next.first?.body["message"] == "c")
        }
    }

    /// When the answer of the server is lost, each turn of a batch is stored again, and the lease is gone then.
    @Test func aTurnThatWasStoredIsNotTakenForOneWhoseLeaseWasTakenAway() async throws {
        try await withBench { bench in
            let (worker, claims) = try await claims(of: ["fenced", "stored"], bench)
            _ = try await bench.client.query(
                "UPDATE agentctl.conversation_control SET lease = gen_random_uuid() WHERE conversation_id = 'fenced'"
            )
            _ = try await bench.work.finish(claims.map { ended($0, bench) }, worker: worker, claiming: 0)
            for (claim, isStored) in zip(claims, [false, true]) {
                let record = bench.record(for: claim, reply: "again")
                #expect(try await bench.work.finish(record, of: claim, worker: worker, claiming: 0).stored == false)
                #expect(try await bench.work.hasStored(claim, worker: worker) == isStored)
                #expect(try await bench.work.hasStored(claim, worker: worker + 1) == false)
            }
        }
    }

    @Test func twoAttemptsAtOneTurnAreToldApart() async throws {
        try await withBench { bench in
            let (worker, claims) = try await claims(of: ["c"], bench)
            #expect(try await bench.work.release(claims[0]))
            let again = try #require(try await bench.work.claim(worker: worker, maximum: 1).first)
            let stored = try await bench.work.finish(
                [ended(claims[0], bench), ended(again, bench)],
                worker: worker,
                claiming: 0
            )
            #expect(stored.outcomes == [.leaseLost, .stored])
        }
    }

    @Test func eachSlotGetsOneOfTheNext() async throws {
        try await withBench { bench in
            let (worker, claims) = try await claims(of: ["a", "b", "c"], bench)
            for name in ["x", "y"] { _ = try await bench.conversations.submit(.message("hello"), to: name) }
            let stored = try await bench.work.finish(claims.map { ended($0, bench) }, worker: worker, claiming: 3)
            #expect(stored.outcomes == [.stored, .stored, .stored])
            #expect(stored.next.map(\.conversation) == ["x", "y"])
            #expect(Set(stored.next.map(\.lease)).count == 2)
        }
    }
}

@Suite struct TurnBatchesTests {
    private func turn(_ bytes: Int) -> EndedTurn {
        let claim = ClaimedSubmission(
            conversation: "c",
            seq: 1,
            lease: UUID(),
            attempt: 1,
            operation: .message,
            body: ["message": "hello"],
            agent: "assistant",
            epoch: 1,
            submittedAt: .now,
            generation: 1,
            settings: nil,
            progress: nil,
            task: nil,
            lastMessage: 0,
            history: .sent([], summary: nil),
            defect: nil
        )
        return EndedTurn(claim: claim, record: JSONText(.string(String(repeating: "x", count: bytes - 2))))
    }

    @Test func oneBatchAtATime() throws {
        var batches = TurnBatches<Int>()
        let first = [batches.leads(), batches.leads()]
        #expect(first == [true, false])
        for number in 1...3 { batches.wait(.init(turn: turn(10), waiter: number)) }
        // The first that waits leads, and takes the others with it.
        let next = batches.end()
        #expect(next?.waiter == 1)
        let others = batches.take(with: turn(10)).map(\.waiter)
        #expect(others == [2, 3])
        batches.wait(.init(turn: turn(10), waiter: 4))
        let second = batches.leads()
        #expect(!second)
        let ends = [batches.end()?.waiter, batches.end()?.waiter]
        #expect(ends == [4, nil])
        let last = batches.leads()
        #expect(last)
    }

    @Test func aBatchIsBounded() throws {
        let (small, large) = (turn(10), turn(TurnBatches<Int>.maximumBytes - 15))
        var batches = TurnBatches<Int>()
        for number in 0..<40 { batches.wait(.init(turn: small, waiter: number)) }
        var taken = [batches.take(with: small).map(\.waiter)]
        taken.append(batches.take(with: large).map(\.waiter))
        batches.wait(.init(turn: large, waiter: 40))
        batches.wait(.init(turn: small, waiter: 41))
        // In order, also where a later one would fit.
        taken.append(batches.take(with: small).map(\.waiter))
        taken.append(batches.take(with: small).map(\.waiter))
        #expect(taken == [Array(0..<31), [31], Array(32..<40), [40]])
    }
}
