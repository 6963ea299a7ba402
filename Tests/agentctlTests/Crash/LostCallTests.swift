import CrashSupport
import Glibc
import Postgres
import TestSupport
import Testing

/// A real worker that is stopped between the intent to run an unsafe tool and the call, until its time is really over.
struct LostCallTests {
    @Test func aWorkerWhoseLeaseHasRunOutDoesNotMakeTheCallAndNobodyMakesItAgainBeforeThatIsCertain() async throws {
        try await withCrashScene { scene in
            let (first, hold) = try await scene.strike(at: .intentCommitted, with: SIGSTOP)
            let second = try scene.worker("second")
            // Nobody turns a clock here.
            try await eventually("the first worker to be lost") {
                try await scene.database.isTrue(
                    """
                    SELECT bool_and(w.state = 'lost') FROM agentctl.worker AS w
                    JOIN public.start AS s ON s.worker_id = w.id WHERE s.application = 'first'
                    """
                )
            }
            try await eventually("the doubt") {
                try await scene.database.isTrue("SELECT count(*) = 1 FROM agentctl.calls_in_doubt")
            }
            try await scene.refusesToRunAgain()

            hold?.release()
            first.send(SIGCONT)
            try await scene.newBeginning(of: "first")
            #expect(!scene.effects.effects.contains { $0.tool == .unsafe })

            await scene.gates.openForever()
            let (doubts, runAgain) = try await scene.settle()
            #expect(doubts == 1 && runAgain == ["first.1.0"])
            for worker in [first, second] { worker.send(SIGTERM) }
            for worker in [first, second] { #expect(try await worker.result().status == 0) }
            #expect(scene.effects.effects.count { $0.tool == .unsafe } == 1)
            let violations = try await scene.violations()
            #expect(violations.isEmpty, "\(violations)")
        }
    }
}

extension CrashScene {
    /// Asks to have the call in doubt run again as early as anybody can ask.
    fileprivate func refusesToRunAgain() async throws {
        #expect(
            try await database.isTrue(
                """
                SELECT c.lease_until = w.stopped_at + interval '3 seconds'
                FROM agentctl.conversation_control AS c, agentctl.worker AS w
                WHERE c.conversation_id = 'c' AND w.state = 'lost'
                """
            )
        )
        // However long this test had to wait for the processor.
        func move(_ interval: String) async throws {
            _ = try await database.client.query(
                "UPDATE agentctl.conversation_control SET lease_until = lease_until + $1::text::interval",
                [.text(interval)]
            )
        }
        try await move("1 minute")
        for outcome in ["run_again", "did_not_happen"] {
            let error = await #expect(throws: PostgresError.self) {
                try await database.client.query(
                    "SELECT agentctl.resolve_tool_call('c', 1, 2, $1)",
                    [.text(outcome)]
                )
            }
            #expect(error?.sqlState == "AC003")
            #expect(error?.message.contains("\(outcome) can be said from 2") == true, "\(error?.message ?? "")")
        }
        try await move("-1 minute")
    }
}
