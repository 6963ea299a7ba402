import CrashSupport
import Glibc
import Postgres
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
        (
            .events,
            "DELETE FROM agentctl.event WHERE number = (SELECT min(number) FROM agentctl.event WHERE type = 'several')"
        ),
        (.events, "UPDATE agentctl.event SET seq = 1 WHERE data @? '$[*][0] ? (@ == \"turn_complete\")'"),
        (.lost, "INSERT INTO agentctl.work_list VALUES ('c', 'ready', 0, 1, 0, 0, now())"),
        (.lost, "UPDATE agentctl.submission SET taken_by = NULL WHERE operation = 'steer'"),
        (.order, "UPDATE agentctl.submission SET taken_by = 2 WHERE operation = 'steer'"),
        (.order, "UPDATE agentctl.message SET content = 'other' WHERE conversation_id = 'f' AND number = 2"),
        (.order, "UPDATE agentctl.compaction SET summary = 'SUMMARY #1 first'"),
        (.order, "UPDATE agentctl.compaction SET last_message = last_message + 5 WHERE conversation_id = 'f'"),
        (.order, "UPDATE agentctl.turn SET agent = 'assistant' WHERE agent = 'eager'"),
        (.order, "UPDATE agentctl.conversation_control SET closed_seq = closed_seq - 1 WHERE closed_seq IS NOT NULL"),
        (.lost, "UPDATE agentctl.task SET told = false WHERE id = (SELECT max(id) FROM agentctl.task)"),
        (.lost, "UPDATE agentctl.task SET state = 'cancelled' WHERE depth = 2"),
        (.lost, "UPDATE agentctl.task SET description = 'other' WHERE depth = 2 AND number = 1"),
        (.lost, "DELETE FROM agentctl.turn WHERE depth = 2"),
        (.order, "UPDATE agentctl.turn SET finished_at = finished_at + interval '1 hour' WHERE depth = 2"),
        (.order, "UPDATE agentctl.tool_call SET result = 'lost' WHERE tool = 'delegate'"),
        (.effects, "UPDATE agentctl.task SET max_attempts = 2, attempt = 2 WHERE depth = 1 AND number = 1"),
    ]

    @Test func eachKindOfDamageIsFoundAndNothingElse() async throws {
        try await withCrashScene { scene in
            await scene.gates.others.openForever()
            for text in [CrashScene.firstMessage, "second sql+pure", "third"] {
                try await scene.submit(text, to: "c")
            }
            let worker = try scene.worker("second")
            let follower = try scene.follower()
            try await scene.operate()
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

extension CrashScene {
    /// Does once what can be done with a conversation while it goes on.
    fileprivate func operate() async throws {
        try await eventually("the effect") { effects.effects.contains { $0.tool == .unsafe } }
        try await submit("steered pure", to: "c", by: "steer")
        await gates.openForever()
        _ = try await settle()
        for call in ["compact('c')", #"set('c', '{"agent": "eager"}')"#] {
            _ = try await database.client.query(PostgresStatement("SELECT agentctl.\(call)"))
        }
        try await submit("fourth", to: "c")
        _ = try await settle()
        _ = try await database.client.query("SELECT agentctl.fork('c', 'f')")
        try await submit("fifth", to: "f")
        try await submit("sixth tree2", to: "t")
        _ = try await database.client.query("SELECT agentctl.shutdown('c')")
        _ = try await settle()
        let isDone = "SELECT count(*) = 2 FROM agentctl.compaction WHERE made_by = 'model'"
        #expect(try await database.isTrue(isDone))
    }
}
