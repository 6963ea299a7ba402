import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// A turn that waits, and what is claimed in the commit that stores it.
@Suite struct ParkTests {
    private func withParent(_ body: (Bench, Int64, ClaimedSubmission, TurnRecord) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Bench.scheduled)
            try await bench.register(#"{"kind": "agent", "name": "other", "model": "offline"}"#)
            _ = try await bench.conversations.submit(.message("hello"), to: "c", agent: "assistant")
            let (worker, claim) = try await bench.claim()
            let taken = try #require(claim)
            var record = bench.record(for: taken, reply: "")
            record.messages.removeLast()
            record.events.removeLast()
            record.tasks = [
                TaskRequest(number: 1, group: "g", description: "do", agent: "other", capabilities: [], limit: 1)
            ]
            record.status = .waiting
            record.errorCode = WaitReason.tasks.errorCode
            record.awaited = TurnRecord.AwaitedTasks(endings: 1, told: 0)
            try await body(bench, worker, taken, record)
        }
    }

    @Test func itsTaskIsClaimedInTheSameCommit() async throws {
        try await withParent { bench, worker, claim, record in
            let (stored, next) = try await bench.work.park(record, of: claim, worker: worker, claiming: 1)
            #expect(stored && next.map(\.conversation) == ["c~1.1"])
            #expect(next.first?.task?.parent == "c")
            let states = try await bench.texts(
                """
                SELECT concat_ws(' ', conversation_id, state) AS text FROM agentctl.conversation_control
                ORDER BY conversation_id
                """
            )
            #expect(states == ["c waiting", "c~1.1 running"])
        }
    }

    @Test func withoutTheLeaseNothingIsStoredAndOthersAreClaimed() async throws {
        try await withParent { bench, worker, claim, record in
            #expect(try await bench.work.release(claim))
            let (stored, next) = try await bench.work.park(record, of: claim, worker: worker, claiming: 1)
            #expect(!stored && next.map(\.conversation) == ["c"])
            #expect(try await bench.texts("SELECT 'x' AS text FROM agentctl.tasks") == [])
        }
    }
}
