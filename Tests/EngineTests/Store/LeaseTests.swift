import Engine
import Postgres
import Store
import Synchronization
import TestSupport
import Testing

@testable import Conversation

/// Who gets a lease, who keeps it, and what becomes of it.
@Suite struct LeaseTests {
    @Test(arguments: ["SELECT agentctl.stop_worker($1)", "DELETE FROM agentctl.worker WHERE id = $1"])
    func aWorkerThatIsGoneClaimsNothing(_ end: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let (worker, _) = try await bench.claim()
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            _ = try await bench.client.query(PostgresStatement(end), [.integer(worker)])
            #expect(try await bench.work.claim(worker: worker, maximum: 1).isEmpty)
            #expect(try await bench.work.claim(worker: worker, maximum: 1, conversation: "c").isEmpty)
            #expect(try await bench.claim().claim?.attempt == 1)
        }
    }

    @Test func whatAWorkerWithoutARowHoldsIsTakenOver() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            let (worker, claim) = try await bench.claim()
            #expect(claim != nil)
            _ = try await bench.client.query("DELETE FROM agentctl.worker WHERE id = $1", [.integer(worker)])
            #expect(try await bench.work.reap() == 1)
            #expect(try await bench.claim().claim?.attempt == 2)
        }
    }

    @Test func aClockThatWentBackHidesNothing() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            _ = try await bench.client.query(
                "UPDATE agentctl.conversation_control SET ready_at = now() + interval '1 hour'"
            )
            #expect(try await bench.claim().claim != nil)
        }
    }

    @Test func attemptsHaveAnEnd() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            _ = try await bench.client.query("UPDATE agentctl.conversation_control SET attempt = 32767")
            #expect(try await bench.claim().claim?.attempt == 32767)
        }
    }

    @Test func aForgottenLeaseCountsAsAnAttempt() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            let claim = try #require(try await bench.claim().claim)
            _ = try await bench.client.query(
                "SELECT agentctl.release($1, $2, true)",
                [.text(claim.conversation), .uuid(claim.lease)]
            )
            #expect(try await bench.claim().claim?.attempt == 2)
        }
    }

    @Test func anOpenTransactionThatSubmittedDelaysATurnAndLosesNone() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("one"), to: "c")
            let (worker, claimed) = try await bench.claim()
            let claim = try #require(claimed)
            try await bench.client.withTransaction { connection in
                _ = try await connection.query("SELECT agentctl.submit('c', 'two')")
                // The row is held: storing gives up soon instead of waiting, and says that it may be tried again.
                let busy = await #expect(throws: StoreError.self) {
                    try await bench.work.finish(
                        bench.record(for: claim, reply: "1"),
                        of: claim,
                        worker: worker,
                        claiming: 0
                    )
                }
                #expect(busy?.code == .unavailable)
                #expect(try await bench.claim("c").claim == nil)
            }
            let result = try await bench.work.finish(
                bench.record(for: claim, reply: "1"),
                of: claim,
                worker: worker,
                claiming: 1
            )
            #expect(result.stored && result.next.map(\.seq) == [2])
        }
    }

    @Test func aDeadlockIsTriedAgainAndNotHeldAgainstTheTurn() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            // The first two attempts to store a turn fail as if they had been chosen to end a deadlock.
            try await bench.client.withConnection {
                try await $0.executeScript(
                    """
                    CREATE SEQUENCE public.failures;
                    CREATE FUNCTION public.fail_twice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
                    BEGIN
                        IF nextval('public.failures') <= 2 THEN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END IF;
                        RETURN NEW;
                    END $$;
                    CREATE TRIGGER fail_twice BEFORE INSERT ON agentctl.message
                        FOR EACH STATEMENT EXECUTE FUNCTION public.fail_twice();
                    """
                )
            }
            let summary = try await bench.client().send(.message("hello"), to: "c") { _ in }
            #expect(summary.reply == "Hello.")
            #expect(try await bench.texts("SELECT status::text AS text FROM agentctl.turn") == ["succeeded"])
        }
    }
}
