import CrashSupport
import Glibc
import JSON
import TestSupport
import Testing

/// A database that cannot be asked, or answers late, before a turn has done anything.
struct OutageTests {
    @Test func whatAWorkerThatDrainsIsGivenAllTheSameItGivesBack() async throws {
        try await withCrashScene { scene in
            await scene.gates.openForever()
            let hold = scene.relay.holdRequest("agentctl.claim(", of: "first")
            let worker = try scene.worker("first")
            try await eventually("a claim on its way") { hold.isReached }
            try await scene.submit("one", to: "c")
            worker.send(SIGTERM)
            try await eventually("the worker to drain") {
                try await scene.database.isTrue("SELECT bool_and(state = 'draining') FROM agentctl.worker")
            }
            hold.release()
            #expect(try await worker.result().status == 0)
            let control = try await scene.database.rows(
                "SELECT state, attempt, generation, head_seq FROM agentctl.conversation_control"
            )
            #expect(control == [["state": "ready", "attempt": 0, "generation": 1, "head_seq": 0]])
        }
    }

    @Test func aTurnWaitsForItsAgentsRowsWhileConnectionsBreak() async throws {
        try await withCrashScene { scene in
            await scene.gates.openForever()
            scene.relay.cutRequest("agentctl.agent_parts(", of: "first", times: 6)
            try await scene.submit(CrashScene.firstMessage, to: "c")
            let worker = try scene.worker("first")
            #expect(try await scene.settle().doubts == 0)
            #expect(scene.relay.cuts == 6)
            worker.send(SIGTERM)
            #expect(try await worker.result().status == 0)
            let violations = try await scene.violations()
            #expect(violations.isEmpty, "\(violations)")
        }
    }
}
