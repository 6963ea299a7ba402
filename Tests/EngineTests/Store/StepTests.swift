import JSON
import Orchestration
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// The end of a task and the next step of the run that waited for it, in one commit.
@Suite struct StepTests {
    /// A run of a chain that waits for its second task.
    private struct Scene {
        let bench: Bench
        let worker: Int64
        let run: ParkedRun
        let child: ClaimedSubmission

        var ended: TurnRecord {
            var record = bench.record(for: child, reply: "done")
            record.steps = [StepRecord(.modelCall, offset: .zero)]
            record.steps[0].usage = TokenUsage(input: 12, cachedInput: 2, output: 5)
            record.steps[0].cost = 0.000_001_5
            return record
        }

        /// The step that follows the end of the task: the visit is stored, and a third task is given out.
        func step(_ following: ClaimedSubmission) -> TurnRecord {
            StepTests.parked(TurnRecord(beginning: following), told: 2, task: 3)
        }

        func stored(_ step: TurnRecord, of following: ClaimedSubmission) async throws -> (Bool, [ClaimedSubmission]) {
            let turn = EndedTurn(claim: child, record: ended.text)
            let result = try await bench.work.finish(turn, stepping: step, of: following, worker: worker, claiming: 1)
            #expect(result.outcome == .stored)
            return (result.hasStepped, result.next)
        }

        func states() async throws -> [String] {
            try await bench.texts(
                """
                SELECT concat_ws(' ', conversation_id, state) AS text FROM agentctl.conversation_control
                ORDER BY conversation_id
                """
            )
        }
    }

    /// The record of a run that has parked with a task.
    private static func parked(_ record: TurnRecord, told: Int, task: Int) -> TurnRecord {
        var record = record
        record.status = .waiting
        record.errorCode = WaitReason.tasks.errorCode
        record.awaited = TurnRecord.AwaitedTasks(endings: 1, told: told)
        record.events.append(EventRecord(.waiting(.tasks)))
        record.tasks = [
            TaskRequest(
                number: task,
                group: "n\(task)#1",
                description: "do",
                agent: "other",
                capabilities: [],
                limit: 1
            )
        ]
        guard task > 1 else { return record }
        let number: JSONValue = .integer(Int64(task - 1))
        record.nodes = [
            [
                "node": .string("n\(task - 1)"), "visit": 1, "level": number, "after": [], "status": "succeeded",
                "input": "do", "output": "done \u{1F600} \"so\"", "number": number, "position": number, "attempt": 1,
                "task": number, "offset_ms": 0.5,
            ]
        ]
        return record
    }

    private func withRun(_ body: (Scene) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Bench.scheduled)
            try await bench.register(#"{"kind": "agent", "name": "other", "model": "offline"}"#)
            _ = try await bench.conversations.submit(.message("hello"), to: "c", agent: "assistant")
            let (worker, claim) = try await bench.claim()
            var parent = try #require(claim)
            var record = TurnRecord(beginning: parent)
            record.agentVersion = 1
            record.begin()
            record = Self.parked(record, told: 0, task: 1)
            var next = try await bench.work.park(record, of: parent, worker: worker, claiming: 1).next
            var child = try #require(next.first)
            let first = bench.record(for: child, reply: "first")
            next = try await bench.work.finish(first, of: child, worker: worker, claiming: 1).next
            parent = try #require(next.first)
            #expect(parent.conversation == "c")
            record = TurnRecord(beginning: parent)
            record.agentVersion = 1
            record.duration = .milliseconds(12.25)
            record = Self.parked(record, told: 1, task: 2)
            next = try await bench.work.park(record, of: parent, worker: worker, claiming: 1).next
            child = try #require(next.first)
            let run = try #require(ParkedRun(record, of: parent, awaiting: child))
            try await body(Scene(bench: bench, worker: worker, run: run, child: child))
        }
    }

    @Test func whatIsRememberedIsWhatAClaimFinds() async throws {
        try await withRun { scene in
            let remembered = try #require(scene.run.claim(after: scene.ended))
            let result = try await scene.bench.work.finish(
                scene.ended,
                of: scene.child,
                worker: scene.worker,
                claiming: 1
            )
            let found = try #require(result.next.first)
            let (one, other) = try (#require(remembered.progress), #require(found.progress))
            #expect(remembered.conversation == found.conversation && remembered.seq == found.seq)
            #expect(remembered.agent == found.agent && remembered.epoch == found.epoch && remembered.body == found.body)
            #expect(remembered.history.isEmpty && remembered.task == nil && found.task == nil)
            #expect(one.saves == other.saves && one.agent == other.agent && one.agentVersion == other.agentVersion)
            #expect(one.tasks == other.tasks)
            #expect(one.told == other.told && one.isInterrupted == other.isInterrupted)
            #expect(one.totals == other.totals)
            #expect(one.messages == other.messages)
            #expect(one.nodes.map(NodeRun.init(stored:)) == other.nodes.map(NodeRun.init(stored:)))
            #expect(one.nodes.count == 1 && one.tasks.count == 2)
            #expect(one.calls.isEmpty && other.calls.isEmpty && other.earlierCalls.isEmpty)
        }
    }

    @Test func theStepIsStoredWithTheEndAndItsTaskIsClaimed() async throws {
        try await withRun { scene in
            let following = try #require(scene.run.claim(after: scene.ended))
            let (hasStepped, next) = try await scene.stored(scene.step(following), of: following)
            #expect(hasStepped && next.map(\.conversation) == ["c~1.3"])
            #expect(try await scene.states() == ["c waiting", "c~1.1 idle", "c~1.2 idle", "c~1.3 running"])
            let events = try await scene.bench.texts(
                "SELECT concat_ws(' ', number, type) AS text FROM agentctl.event WHERE conversation_id = 'c' ORDER BY 1"
            )
            #expect(events.suffix(3) == ["7 task_finished", "8 waiting", "9 task_assigned"])
            // Said again, as its answer was lost, it changes nothing.
            let again = try await scene.bench.work.finish(
                EndedTurn(claim: scene.child, record: scene.ended.text),
                stepping: scene.step(following),
                of: following,
                worker: scene.worker,
                claiming: 0
            )
            #expect(again.outcome == .leaseLost && !again.hasStepped)
        }
    }

    @Test(arguments: ["interrupted", "definitions", "saves", "lost", "held"])
    func whereTheRunIsNotAsItIsRememberedOnlyTheEndIsStored(change: String) async throws {
        try await withRun { scene in
            let bench = scene.bench
            let following = try #require(scene.run.claim(after: scene.ended))
            let step = scene.step(following)
            switch change {
            case "interrupted": _ = try await bench.client.query("SELECT agentctl.interrupt('c')")
            case "definitions": try await bench.register(#"{"kind": "agent", "name": "new", "model": "offline"}"#)
            case "saves": _ = try await bench.client.query("UPDATE agentctl.turn_progress SET saves = saves + 1")
            case "lost": _ = try await bench.client.query("UPDATE agentctl.worker SET state = 'stopped'")
            default: break
            }
            let (hasStepped, next) = try await bench.client.withConnection { holder in
                if change == "held" {
                    try await holder.executeScript(
                        "BEGIN; SELECT FROM agentctl.conversation_control WHERE conversation_id = 'c' FOR NO KEY UPDATE"
                    )
                }
                let stored = try await scene.stored(step, of: following)
                try await holder.executeScript("ROLLBACK")
                return stored
            }
            #expect(!hasStepped)
            #expect(next.map(\.conversation) == (["lost", "held"].contains(change) ? [] : ["c"]))
            let tasks = try await bench.texts(
                "SELECT concat_ws(' ', number, state) AS text FROM agentctl.task ORDER BY id"
            )
            #expect(tasks == ["1 done", "2 done"])
            if change == "held" { #expect(try await bench.work.tellParents() == 1) }
            if next.isEmpty { #expect(try await scene.states().first == "c ready") }
        }
    }
}
