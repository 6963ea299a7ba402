import JSON
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store
@testable import Tools

/// What the database refuses is told with its class and its constraint, and without the data.
@Suite struct StoreErrorTests {
    /// Keeps everything that is logged, of every level.
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])

        var text: String { lines.withLock { $0.joined(separator: "\n") } }

        var logger: Logger {
            Logger(label: "kept") { [self] _ in Handler(log: self) }
        }

        private struct Handler: LogHandler {
            let log: Log
            var metadata: Logger.Metadata = [:]
            var logLevel = Logger.Level.trace

            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }

            func log(event: LogEvent) {
                let fields = metadata.merging(event.metadata ?? [:]) { $1 }
                log.lines.withLock { $0.append("\(event.level) \(event.message) \(fields)") }
            }
        }
    }

    private static let secret = "xyzzy-plugh-4711"

    private func storeError(_ body: () async throws -> Void) async -> StoreError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? StoreError
        }
    }

    @Test func aFailureKeepsWhatTheServerSaidAndItsDescriptionWithholdsWhatMayBeData() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.client.query(
                "ALTER TABLE agentctl.submission ADD CONSTRAINT no_secret CHECK (body::text NOT LIKE '%xyzzy%')"
            )
            let broken = try #require(
                await storeError { _ = try await bench.conversations.submit(.message(Self.secret), to: "c") }
            )
            #expect(broken.code == .invalid && broken.sqlState == "23514" && broken.constraint == "no_secret")
            #expect(broken.underlying?.detail?.contains(Self.secret) == true)
            #expect(!broken.description.contains(Self.secret))
            let unreadable = try #require(
                await storeError {
                    _ = try await Database(client: bench.client).onLeased(
                        "SELECT $1::text::integer",
                        [.text(Self.secret)]
                    )
                }
            )
            #expect(unreadable.sqlState == "22P02" && unreadable.message.contains(Self.secret))
            #expect(unreadable.description == "invalid: message withheld, it may quote data")
            let raised = try #require(
                await storeError {
                    _ = try await Database(client: bench.client).onLeased(
                        "DO $$ BEGIN RAISE 'no xyzzy-plugh-4711'; END $$"
                    )
                }
            )
            #expect(raised.sqlState == "P0001" && raised.message == "no \(Self.secret)")
            #expect(!raised.description.contains(Self.secret))
            let own = StoreError(.cancelled, "no longer waiting")
            #expect(own.description == "cancelled: no longer waiting" && own.underlying == nil)
        }
    }

    @Test func whatATransactionsBodyThrowsKeepsItsKindAndNothingOfItStays() async throws {
        try await withBench { bench in
            try await bench.client.query("CREATE TABLE public.t (n integer CONSTRAINT small CHECK (n < 10))")
            let refused = try #require(
                await storeError {
                    try await Database(client: bench.client).transaction {
                        connection -> Database.TransactionEnd<Void> in
                        try await connection.query("INSERT INTO public.t VALUES (1)")
                        try await connection.query("INSERT INTO public.t VALUES (11)")
                        return .commit(())
                    }
                }
            )
            #expect(refused.code == .invalid && refused.constraint == "small")
            let own = try #require(
                await storeError {
                    try await Database(client: bench.client).transaction { _ -> Database.TransactionEnd<Void> in
                        throw StoreError(.refused, "not now")
                    }
                }
            )
            #expect(own.code == .refused && own.message == "not now")
            let undone = try await Database(client: bench.client).transaction { connection in
                try await connection.query("INSERT INTO public.t VALUES (2)")
                return .rollBack(2)
            }
            #expect(undone == 2)
            let kept = try await Database(client: bench.client).transaction { connection in
                try await connection.query("INSERT INTO public.t VALUES (3)")
                return .commit(3)
            }
            #expect(kept == 3)
            #expect(try await bench.texts("SELECT n::text AS text FROM public.t") == ["3"])
        }
    }

    @Test(arguments: [
        // A constraint, whose detail holds the row.
        "ALTER TABLE agentctl.message ADD CONSTRAINT no_secret CHECK (role = 'user' OR content NOT LIKE '%xyzzy%')",
        // A value that is none of its type, which the message quotes.
        """
        CREATE FUNCTION public.no_secret() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN IF NEW.role <> ''user'' THEN PERFORM NEW.content::integer; END IF; RETURN NEW; END';
        """,
        // A function that says it.
        """
        CREATE FUNCTION public.no_secret() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN IF NEW.role <> ''user'' THEN RAISE ''no %'', NEW.content; END IF; RETURN NEW; END';
        """,
    ]
    )
    func noLogHasTheDataOfARowThatTheDatabaseRefusesAtWhateverLevel(obstacle: String) async throws {
        let log = Log()
        try await withDatabase(template: .migrated) { url in
            try await withBench(url: url) { bench in
                try await bench.register(
                    """
                    [{"kind": "model", "name": "m", "provider": "rules", "rules": [{"otherwise": "It is \(Self.secret)."}]},
                     {"kind": "agent", "name": "assistant", "model": "m"}]
                    """
                )
                try await bench.client.query(PostgresStatement(obstacle))
                if obstacle.contains("FUNCTION") {
                    try await bench.client.query(
                        """
                        CREATE TRIGGER no_secret BEFORE INSERT ON agentctl.message
                        FOR EACH ROW EXECUTE FUNCTION public.no_secret()
                        """
                    )
                }
                let client = PostgresClient(try PostgresConfiguration(url: url), logger: log.logger)
                let worker = Worker(
                    store: Stores(client: client).work,
                    registry: bench.registry,
                    services: ToolServices(),
                    configuration: .init(slots: 2),
                    logger: log.logger
                )
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { try? await worker.run() }
                    do {
                        _ = try await bench.conversations.submit(.message("say it"), to: "c")
                        try await bench.eventually(
                            "SELECT (count(*) = 1)::text AS text FROM agentctl.turn WHERE error_code = 'record_refused'"
                        )
                    } catch {
                        Issue.record("\(error)")
                    }
                    group.cancelAll()
                }
                await client.shutdown()
            }
        }
        let text = log.text
        #expect(text.contains("the database refuses a turn"))
        #expect(text.contains("sqlState"))
        #expect(text.contains("no_secret") == obstacle.contains("CONSTRAINT"))
        #expect(!text.contains("xyzzy"), "\(text)")
    }
}
