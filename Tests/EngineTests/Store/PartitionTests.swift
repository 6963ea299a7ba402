import Engine
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Store

@Suite struct PartitionTests {
    @Test func boundsAreMonthsInUTCWhateverTheSessionSays() async throws {
        try await withBench { bench in
            try await bench.client.withConnection { connection in
                // IST is India's time when it is written and Israel's when it is read.
                try await connection.executeScript(
                    "SET datestyle = 'German'; SET timezone = 'Asia/Kolkata'; SELECT agentctl.create_partitions(5)"
                )
                try await connection.executeScript("RESET datestyle; SET timezone = 'UTC'")
                let wrong = try await connection.query(
                    """
                    SELECT c.relname || ' ' || pg_get_expr(c.relpartbound, c.oid) AS text
                    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'agentctl'
                    WHERE c.relispartition AND c.relkind = 'r'
                      AND pg_get_expr(c.relpartbound, c.oid) NOT LIKE format('%%(''%s-01 00:00:00+00'')%%-01 00:00:00+00'')',
                          replace(right(c.relname, 7), '_', '-'))
                    """
                )
                #expect(try wrong.map { try $0.decode("text", as: String.self) } == [])
            }
        }
    }

    @Test func aReaderHoldsNobodyUpWhilePartitionsAreMade() async throws {
        try await withBench { bench in
            let made = try await bench.client.withTransaction { reader in
                _ = try await reader.query("SELECT count(*) FROM agentctl.turn, agentctl.event")
                // Waits for the reader, which waits for it, unless the lock lets readers be.
                return try await bench.client.withTransaction { maker in
                    _ = try await maker.query("SET LOCAL lock_timeout = '5s'")
                    return try await maker.query("SELECT agentctl.create_partitions(4)::text AS text").first?
                        .decode("text", as: String.self)
                }
            }
            #expect(made == "7")
        }
    }

    @Test func withoutTheMonthsPartitionAMessageIsPaidForOnce() async throws {
        try await withMockModel { _ in
            .text("hi")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await dropPartitions(of: bench)
                #expect(try await bench.client().send(.message("hello"), to: "c") { _ in }.reply == "hi")
                #expect(try await model.requests(count: 1).count == 1)
                #expect(try await bench.text("SELECT attempt::text AS text FROM agentctl.turn") == "1")
                // Those ahead as well.
                #expect(try await bench.text("SELECT agentctl.create_partitions()::text AS text") == "0")
                // An operation has its event.
                try await dropPartitions(of: bench)
                let seq = try await bench.conversations.undo(1, of: "c")
                #expect(try await bench.client().settle(seq, of: "c").map(\.type) == ["undone"])
                // A worker that is there already, too.
                try await withWorker(bench) { _ in
                    try await bench.eventually(
                        "SELECT (count(*) > 0)::text AS text FROM agentctl.worker WHERE kind = 'service'"
                    )
                    try await dropPartitions(of: bench)
                    _ = try await bench.conversations.submit(.message("hello"), to: "d")
                    try await bench.eventually("SELECT coalesce(agentctl.reply('d', 1) = 'hi', false)::text AS text")
                }
                #expect(try await model.requests(count: 2).count == 2)
            }
        }
    }

    /// As a month without workers leaves the tables, all of it at once.
    private func dropPartitions(of bench: Bench) async throws {
        try await bench.client.withConnection { connection in
            try await connection.executeScript(
                """
                DO $$
                DECLARE
                    partition regclass;
                BEGIN
                    FOR partition IN SELECT i.inhrelid FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhparent
                        WHERE c.relnamespace = 'agentctl'::regnamespace AND c.relkind = 'p'
                    LOOP
                        EXECUTE format('DROP TABLE %s', partition);
                    END LOOP;
                END $$
                """
            )
        }
    }

    @Test func oneThatWasDetachedIsAttachedAgain() async throws {
        try await withBench { bench in
            let name = try #require(
                try await bench.text("SELECT to_char(now() AT TIME ZONE 'UTC', '\"turn_\"YYYY_MM') AS text")
            )
            try await bench.client.withConnection {
                try await $0.executeScript("ALTER TABLE agentctl.turn DETACH PARTITION agentctl.\(name)")
            }
            #expect(try await bench.text("SELECT agentctl.create_partitions()::text AS text") == "1")
            #expect(
                try await bench.text(
                    "SELECT relispartition::text AS text FROM pg_class WHERE relname = $1",
                    [.text(name)]
                ) == "true"
            )
        }
    }

    /// A turn in progress is stored in the month in which it began, however long ago that was.
    @Test func aTurnThatBeganLongAgoHasItsMonth() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hello"), to: "c")
            let (_, claimed) = try await bench.claim()
            let claim = try #require(claimed)
            _ = try await bench.client.query(
                "UPDATE agentctl.submission SET created_at = created_at - interval '1 year'"
            )
            _ = try await bench.client.query(
                "UPDATE agentctl.conversation_control SET claimed_at = claimed_at - interval '1 year'"
            )
            #expect(try await bench.work.saveProgress(bench.record(for: claim, reply: "hi"), of: claim))
            #expect(try await bench.text("SELECT agentctl.create_partitions()::text AS text") == "7")
        }
    }

    /// Nobody without rights can hold up what makes them, or a worker that begins.
    @Test func advisoryLocksHoldNobodyUp() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.client.withTransaction { other in
                for name in ["agentctl.create_partitions", "agentctl.migrate"] {
                    _ = try await other.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [.text(name)])
                }
                #expect(try await bench.text("SELECT agentctl.create_partitions(5)::text AS text") == "14")
                try await bench.client.withConnection {
                    try await $0.executeScript("DELETE FROM agentctl.migration WHERE name = 'routines/reply.sql'")
                }
                #expect(try await Migrator(client: bench.client).migrate() == ["routines/reply.sql"])
            }
        }
    }

    @Test func aWorkerBeginsWhilePartitionsCannotBeMade() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client.query("SELECT agentctl.submit('c', 'hello')")
            let ahead = try #require(
                try await bench.text(
                    "SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 month', '\"event_\"YYYY_MM') AS text"
                )
            )
            try await bench.client.withConnection { try await $0.executeScript("DROP TABLE agentctl.\(ahead)") }
            try await bench.client.withTransaction { other in
                // As a long ANALYZE would.
                _ = try await other.query("LOCK TABLE ONLY agentctl.event IN SHARE UPDATE EXCLUSIVE MODE")
                try await withWorker(bench) { _ in
                    try await bench.eventually(
                        "SELECT coalesce(agentctl.reply('c', 1) = 'Hello.', false)::text AS text"
                    )
                }
            }
        }
    }

    @Test(arguments: [-2, 121, Int(Int32.max)])
    func thereIsALimitToTheFuture(_ months: Int) async throws {
        try await withBench { bench in
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query("SELECT agentctl.create_partitions($1)", [.integer(Int64(months))])
            }
            #expect(error?.sqlState == "AC001")
        }
    }
}
