import CrashSupport
import Glibc
import TestSupport
import Testing

/// A database that cannot be asked while a turn reads its agent's rows, before it has done anything.
struct OutageTests {
    @Test("A turn waits for its agent's rows while connections break")
    func dropped() async throws {
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
