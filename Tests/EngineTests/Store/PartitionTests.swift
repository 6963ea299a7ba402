import Postgres
import TestSupport
import Testing

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
