import CrashSupport
import Glibc
import IO
import TestSupport
import Testing

/// The checks find what they are there for: each kind of damage, done to a run without any.
struct InvariantCheckerTests {
    private static let damages: [(promise: Violation.Promise, statement: String)] = [
        (.lost, "DELETE FROM agentctl.turn WHERE seq = 2"),
        (.lost, "DELETE FROM agentctl.submission WHERE seq = 3"),
        (.lost, "UPDATE agentctl.turn SET status = 'failed' WHERE seq = 1"),
        (.order, "UPDATE agentctl.message SET content = 'third' WHERE content = 'second sql+pure'"),
        (.order, "UPDATE agentctl.message SET number = number + 100 WHERE role = 'tool'"),
        (.order, "UPDATE agentctl.message SET content = 'done third #1' WHERE content LIKE 'done third%'"),
        (.effects, "UPDATE agentctl.tool_call SET state = 'failed' WHERE tool = 'unsafe'"),
        (.effects, "UPDATE agentctl.tool_call SET call_id = 'call_other' WHERE tool = 'unsafe'"),
        (.effects, "INSERT INTO public.booking (marker) SELECT marker FROM public.booking"),
        (.effects, "DELETE FROM public.booking"),
        (.fencing, "UPDATE agentctl.turn SET worker_id = 999 WHERE seq = 1"),
        (.fencing, "UPDATE agentctl.conversation_control SET last_message = last_message + 1"),
        (.events, "DELETE FROM agentctl.event WHERE number = 3"),
        (.events, "UPDATE agentctl.event SET seq = 1 WHERE type = 'turn_complete'"),
    ]

    @Test("Each kind of damage is found, and nothing else")
    func damage() async throws {
        try await withCrashScene { scene in
            await scene.gates.openForever()
            for text in [CrashScene.firstMessage, "second sql+pure", "third"] {
                try await scene.submit(text, to: "c")
            }
            let worker = try scene.worker("second")
            let follower = try scene.follower()
            _ = try await scene.settle()
            worker.send(SIGTERM)
            #expect(try await worker.result().status == 0)
            let before = try await scene.violations(follower)
            #expect(before.isEmpty, "\(before)")
            for (promise, statement) in Self.damages {
                await #expect(throws: Undone.self) {
                    try await scene.database.client.withTransaction { connection in
                        try await connection.query(PostgresStatement(statement))
                        let found = try await scene.violations(within: connection)
                        #expect(found.contains { $0.promise == promise }, "\(statement): \(found)")
                        throw Undone()
                    }
                }
            }
            let after = try await scene.violations()
            #expect(after.isEmpty, "\(after)")
        }
    }

    private struct Undone: Error {}
}
