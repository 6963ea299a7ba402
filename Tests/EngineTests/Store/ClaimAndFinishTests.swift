import Conversation
import Engine
import JSON
import Postgres
import TestSupport
import Testing

import struct FoundationEssentials.UUID

@testable import Store

@Suite struct ClaimAndFinishTests {
    @Test func aFinishedTurnIsReadableInSQL() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "123")
            let (worker, claimed) = try await bench.claim()
            let claim = try #require(claimed)
            #expect(claim.conversation == "123" && claim.seq == 1 && claim.attempt == 1 && claim.history.isEmpty)
            var record = bench.record(for: claim, reply: "hi \u{0} there")
            var step = StepRecord(.modelCall, offset: .zero)
            step.model = "offline"
            step.usage = TokenUsage(input: 10, cachedInput: 4, output: 5)
            step.cost = 0.0000012345
            record.steps = [step]
            record.duration = .milliseconds(12)
            let finished = try await bench.work.finish(record, of: claim, worker: worker, claiming: 1)
            #expect(finished.stored && finished.next.isEmpty)
            let history = try await bench.texts(
                "SELECT format('%s %s %s', number, role, content) AS text FROM agentctl.conversation_history ORDER BY number"
            )
            #expect(history == ["1 user hello", "2 assistant hi \u{FFFD} there"])
            #expect(try await bench.text("SELECT agentctl.reply('123', 1) AS text") == "hi \u{FFFD} there")
            let metrics = try await bench.text(
                """
                SELECT format('%s %s/%s %s %s %s', agent, succeeded, turns, input_tokens, output_tokens, cost_usd) AS text
                FROM agentctl.agent_metrics
                """
            )
            #expect(metrics == "assistant 1/1 10 5 0.0000012345")
            let events = try await bench.texts(
                "SELECT number || ' ' || type AS text FROM agentctl.events ORDER BY number"
            )
            #expect(events == ["1 turn_started", "2 message"])
        }
    }

    @Test func finishingClaimsTheNextInTheSameCommit() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            for text in ["one", "two"] { _ = try await bench.conversations.submit(.message(text), to: "c") }
            let (worker, claimed) = try await bench.claim()
            let claim = try #require(claimed)
            let result = try await bench.work.finish(
                bench.record(for: claim, reply: "1"),
                of: claim,
                worker: worker,
                claiming: 1
            )
            let next = try #require(result.next.first)
            #expect(next.seq == 2 && next.body == ["message": "two"])
            #expect(next.history == [.user("one"), .assistant("1")])
            #expect(try await bench.claim().claim == nil)
        }
    }

    @Test func aFencedWorkerCannotWrite() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            let (slow, claimed) = try await bench.claim()
            let old = try #require(claimed)
            _ = try await bench.client.query(
                "UPDATE agentctl.worker SET heartbeat_at = heartbeat_at - interval '1 minute' WHERE id = $1",
                [.integer(slow)]
            )
            #expect(try await bench.work.reap() == 1)
            #expect(try await bench.work.heartbeat(worker: slow, isDraining: false) == false)
            let (fast, reclaimed) = try await bench.claim()
            let new = try #require(reclaimed)
            #expect(new.attempt == 2 && new.lease != old.lease)
            let late = try await bench.work.finish(
                bench.record(for: old, reply: "late"),
                of: old,
                worker: slow,
                claiming: 0
            )
            #expect(late.stored == false)
            #expect(try await bench.work.release(old) == false)
            let right = try await bench.work.finish(
                bench.record(for: new, reply: "right"),
                of: new,
                worker: fast,
                claiming: 0
            )
            #expect(right.stored)
            let again = try await bench.work.finish(
                bench.record(for: new, reply: "twice"),
                of: new,
                worker: fast,
                claiming: 0
            )
            #expect(again.stored == false)
            #expect(try await bench.texts("SELECT agentctl.reply('c', 1) AS text") == ["right"])
        }
    }

    @Test func aReleasedClaimIsAsIfItHadNotBeen() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            let first = try #require(try await bench.claim().claim)
            #expect(try await bench.work.release(first))
            #expect(try await bench.claim().claim?.attempt == 1)
        }
    }

    @Test func eightWorkersKeepEachConversationInOrder() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let conversations = 3
            let messages = 40
            for number in 1...messages {
                for conversation in 0..<conversations {
                    _ = try await bench.conversations.submit(.message("\(number)"), to: "c\(conversation)")
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let (worker, first) = try await bench.claim()
                        var next = first
                        while let claim = next {
                            let said = "\(claim.body["message"]?.stringValue ?? "")/\(claim.history.count)"
                            let result = try await bench.work.finish(
                                bench.record(for: claim, reply: said),
                                of: claim,
                                worker: worker,
                                claiming: 1
                            )
                            #expect(result.stored)
                            next = result.next.first
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await bench.eventually(
                "SELECT (count(*) = 0)::text AS text FROM agentctl.conversation_control WHERE state <> 'running' AND head_seq < tail_seq"
            )
            for conversation in 0..<conversations {
                let replies = try await bench.texts(
                    """
                    SELECT content AS text FROM agentctl.message
                    WHERE conversation_id = $1 AND role = 'assistant' ORDER BY number
                    """,
                    [.text("c\(conversation)")]
                )
                // Each turn saw all that came before it, up to the last hundred messages.
                #expect(replies == (1...messages).map { "\($0)/\(min(($0 - 1) * 2, 100))" })
            }
        }
    }
}
