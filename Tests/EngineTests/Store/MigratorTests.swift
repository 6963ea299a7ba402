import FoundationEssentials
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Definitions
@testable import Engine
@testable import Store

@Suite struct MigratorTests {
    private func withEmptyDatabase(_ body: (PostgresClient) async throws -> Void) async throws {
        try await withDatabase { url in
            let client = PostgresClient(try PostgresConfiguration(url: url), logger: .silent)
            do {
                try await body(client)
            } catch {
                await client.shutdown()
                throw error
            }
            await client.shutdown()
        }
    }

    /// A schema of files given as name and text, such as `tables/0001_a.sql`.
    private func schema(_ files: [String: String], ending: String = "") throws -> Schema {
        Schema(files: try files.map { try #require(SchemaFile(name: $0.key, text: $0.value)) }, ending: ending)
    }

    private func text(_ client: PostgresClient, _ sql: String) async throws -> String? {
        try await client.query(PostgresStatement("SELECT (\(sql))::text AS text")).first?.decode(
            "text",
            as: String?.self
        )
    }

    @Test func appliesEachFileOnceInOrder() async throws {
        try await withEmptyDatabase { client async throws in
            let migrator = Migrator(client: client)
            let names = Schema.embedded.files.map(\.name)
            #expect(try await migrator.status().map(\.state) == names.map { _ in .pending })
            #expect(try await migrator.migrate() == names)
            #expect(try await migrator.migrate() == [])
            #expect(try await migrator.status().map(\.state) == names.map { _ in .applied })
        }
    }

    @Test func twoAtOnceTakeTurns() async throws {
        try await withEmptyDatabase { client async throws in
            let migrator = Migrator(client: client)
            async let first = migrator.migrate()
            async let second = migrator.migrate()
            let applied = try await [first, second]
            #expect(applied.flatMap { $0 }.sorted() == Schema.embedded.files.map(\.name).sorted())
        }
    }

    @Test func refusesAnEditedNumberedFileByName() async throws {
        try await withEmptyDatabase { client async throws in
            let original = try schema(["tables/0001_a.sql": "CREATE TABLE agentctl.a (id int);"])
            let edited = try schema(["tables/0001_a.sql": "CREATE TABLE agentctl.a (id bigint);"])
            try await Migrator(client: client, schema: original).migrate()
            let error = await #expect(throws: StoreError.self) {
                try await Migrator(client: client, schema: edited).migrate()
            }
            #expect(error?.code == .refused)
            #expect(error?.message == "tables/0001_a.sql was edited after it had been applied")
        }
    }

    @Test func refusesADatabaseOfANewerRelease() async throws {
        try await withEmptyDatabase { client async throws in
            let newer = try schema(["tables/0009_later.sql": "SELECT 1;"])
            try await Migrator(client: client, schema: newer).migrate()
            let error = await #expect(throws: StoreError.self) {
                try await Migrator(client: client, schema: try schema([:])).migrate()
            }
            #expect(error?.code == .refused)
            #expect(error?.message.contains("tables/0009_later.sql") == true)
        }
    }

    /// Also when the newer release changed nothing but routines: the older one would put its own back.
    @Test func refusesRoutinesOfANewerRelease() async throws {
        try await withEmptyDatabase { client async throws in
            let files = [
                "routines/f.sql": "CREATE OR REPLACE FUNCTION agentctl.f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
            ]
            try await Migrator(client: client, schema: try schema(files)).migrate()
            try await client.query("UPDATE agentctl.migration SET release = '0.10.1'")
            let error = await #expect(throws: StoreError.self) {
                try await Migrator(client: client, schema: try schema(files)).migrate()
            }
            #expect(error?.code == .refused)
        }
    }

    @Test func aFailingFileLeavesNothingBehind() async throws {
        try await withEmptyDatabase { client async throws in
            let files = [
                "tables/0001_good.sql": "CREATE TABLE agentctl.good (id int);",
                "tables/0002_bad.sql": "CREATE TABLE agentctl.bad (id int); SELECT 1/0;",
            ]
            let error = await #expect(throws: StoreError.self) {
                try await Migrator(client: client, schema: try schema(files)).migrate()
            }
            #expect(error?.message == "tables/0002_bad.sql failed: division by zero")
            let tables = try await client.query(
                "SELECT relname::text AS text FROM pg_class WHERE relname IN ('good', 'bad')"
            )
            #expect(try tables.map { try $0.decode("text", as: String.self) } == ["good"])
        }
    }

    @Test func appliesOnlyTheRoutinesAndViewsThatDiffer() async throws {
        try await withEmptyDatabase { client async throws in
            var files = [
                "rows/r.sql": "SELECT 1;",
                "routines/f.sql":
                    "CREATE OR REPLACE FUNCTION agentctl.f() RETURNS int LANGUAGE sql AS 'SELECT agentctl.g()';",
                "routines/g.sql": "CREATE OR REPLACE FUNCTION agentctl.g() RETURNS int LANGUAGE sql AS 'SELECT 1';",
                "views/v.sql": "CREATE OR REPLACE VIEW agentctl.v AS SELECT 1 AS a;",
            ]
            try await Migrator(client: client, schema: try schema(files)).migrate()
            try await client.query("GRANT SELECT ON agentctl.v TO PUBLIC")
            files["routines/g.sql"] = "CREATE OR REPLACE FUNCTION agentctl.g() RETURNS int LANGUAGE sql AS 'SELECT 2';"
            files["views/v.sql"] = "CREATE OR REPLACE VIEW agentctl.v AS SELECT 1 AS a, 2 AS b;"
            let migrator = Migrator(client: client, schema: try schema(files))
            #expect(try await migrator.status().map(\.state) == [.applied, .applied, .changed, .changed])
            #expect(try await migrator.migrate() == ["routines/g.sql", "views/v.sql"])
            #expect(try await text(client, "SELECT agentctl.f()") == "2")
            // What others were granted is still theirs.
            #expect(try await text(client, "has_table_privilege('public', 'agentctl.v', 'SELECT')") == "true")
        }
    }

    @Test func aFunctionThatReturnsSomethingElseReplacesTheOldOne() async throws {
        try await withEmptyDatabase { client async throws in
            var files = [
                "routines/f.sql":
                    "CREATE OR REPLACE FUNCTION agentctl.f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
                "views/v.sql": "CREATE OR REPLACE VIEW agentctl.v AS SELECT agentctl.f(1) AS f;",
                "views/a.sql": "-- after: v\nCREATE OR REPLACE VIEW agentctl.a AS SELECT f FROM agentctl.v;",
            ]
            try await Migrator(client: client, schema: try schema(files)).migrate()
            files["routines/f.sql"] = """
                -- replaces: f(integer); f(text)
                CREATE OR REPLACE FUNCTION agentctl.f(a int) RETURNS text LANGUAGE sql AS $$ SELECT 'one' $$;
                """
            let applied = try await Migrator(client: client, schema: try schema(files)).migrate()
            #expect(applied == ["routines/f.sql", "views/v.sql", "views/a.sql"])
            #expect(try await text(client, "SELECT f FROM agentctl.a") == "one")
            #expect(try await text(client, "SELECT count(*) FROM pg_proc WHERE proname = 'f'") == "1")
        }
    }

    @Test func aViewMayLoseColumnsWithThoseThatReadIt() async throws {
        try await withEmptyDatabase { client async throws in
            var files = [
                "views/v.sql": "CREATE OR REPLACE VIEW agentctl.v AS SELECT 1 AS a, 2 AS b;",
                "views/a.sql": "-- after: v\nCREATE OR REPLACE VIEW agentctl.a AS SELECT b FROM agentctl.v;",
            ]
            try await Migrator(client: client, schema: try schema(files)).migrate()
            files["views/v.sql"] = "CREATE OR REPLACE VIEW agentctl.v AS SELECT 3 AS b;"
            #expect(
                try await Migrator(client: client, schema: try schema(files)).migrate() == [
                    "views/v.sql", "views/a.sql",
                ]
            )
            #expect(try await text(client, "SELECT b FROM agentctl.a") == "3")

            // What others have built on it is theirs: it is named, and nothing happens.
            try await client.query("CREATE VIEW public.mine AS SELECT b FROM agentctl.a")
            files["views/v.sql"] = "CREATE OR REPLACE VIEW agentctl.v AS SELECT 'x' AS b;"
            let error = await #expect(throws: StoreError.self) {
                try await Migrator(client: client, schema: try schema(files)).migrate()
            }
            #expect(error?.message.contains("because other objects depend on") == true, "\(error?.message ?? "")")
            #expect(
                error?.hint?.contains("view mine depends on view agentctl.a") == true,
                "\(error?.hint ?? "")"
            )
            #expect(try await text(client, "SELECT b FROM public.mine") == "3")
        }
    }

    @Test func dropsWhatTheReleaseNoLongerHas() async throws {
        try await withEmptyDatabase { client async throws in
            let files = [
                "routines/f.sql": """
                CREATE OR REPLACE FUNCTION agentctl.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
                CREATE OR REPLACE FUNCTION agentctl.f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
                """,
                "views/v.sql": "CREATE OR REPLACE VIEW agentctl.v AS SELECT agentctl.f() AS f;",
            ]
            try await Migrator(client: client, schema: try schema(files)).migrate()
            let migrator = Migrator(client: client, schema: try schema([:]))
            #expect(try await migrator.status().map(\.state) == [.obsolete, .obsolete])
            #expect(try await migrator.migrate() == ["routines/f.sql", "views/v.sql"])
            #expect(try await migrator.status() == [])
            #expect(try await text(client, "SELECT count(*) FROM pg_proc WHERE proname = 'f'") == "0")
            #expect(try await text(client, "to_regclass('agentctl.v') IS NULL") == "true")
        }
    }

    @Test func refusesABodyThatTheServerCannotRead() async throws {
        try await withEmptyDatabase { client async throws in
            let files = [
                "routines/f.sql":
                    "CREATE OR REPLACE FUNCTION agentctl.f() RETURNS int LANGUAGE sql AS 'SELECT agentctl.h()';"
            ]
            let error = await #expect(throws: StoreError.self) {
                try await Migrator(client: client, schema: try schema(files)).migrate()
            }
            #expect(error?.message.contains("function agentctl.h() does not exist") == true)
            #expect(try await text(client, "SELECT count(*) FROM agentctl.migration") == "0")
        }
    }

    @Test func runsItsEndingEachTime() async throws {
        try await withEmptyDatabase { client async throws in
            let files = ["tables/0001_a.sql": "CREATE TABLE agentctl.a (id int);"]
            let migrator = Migrator(
                client: client,
                schema: try schema(files, ending: "INSERT INTO agentctl.a VALUES (1);")
            )
            try await migrator.migrate()
            try await migrator.migrate()
            #expect(try await text(client, "SELECT count(*) FROM agentctl.a") == "2")
        }
    }

    @Test func buildsAnIndexBesideTheWorkThatGoesOn() async throws {
        try await withEmptyDatabase { client async throws in
            var files = [
                "tables/0001_a.sql": "CREATE TABLE agentctl.a (id int); INSERT INTO agentctl.a VALUES (1), (1);"
            ]
            try await Migrator(client: client, schema: try schema(files)).migrate()
            // A build that was cut off leaves an index that is not valid.
            await #expect(throws: PostgresError.self) {
                try await client.query("CREATE UNIQUE INDEX CONCURRENTLY a_by_id ON agentctl.a (id)")
            }
            #expect(
                try await text(
                    client,
                    "SELECT indisvalid FROM pg_index WHERE indexrelid = 'agentctl.a_by_id'::regclass"
                ) == "false"
            )
            files["tables/0002_index.sql"] = """
                -- online: a_by_id
                CREATE INDEX CONCURRENTLY a_by_id ON agentctl.a (id);
                """
            #expect(
                try await Migrator(client: client, schema: try schema(files)).migrate() == ["tables/0002_index.sql"]
            )
            #expect(
                try await text(
                    client,
                    "SELECT indisvalid FROM pg_index WHERE indexrelid = 'agentctl.a_by_id'::regclass"
                ) == "true"
            )
            #expect(try await Migrator(client: client, schema: try schema(files)).migrate() == [])
        }
    }

    /// Neither waits for the other in a statement, which the index build would wait for.
    @Test func twoAtOnceBuildAnIndexOnce() async throws {
        try await withEmptyDatabase { client async throws in
            let files = [
                "tables/0001_a.sql": "CREATE TABLE agentctl.a (id int);",
                "tables/0002_index.sql": "-- online: a_by_id\nCREATE INDEX CONCURRENTLY a_by_id ON agentctl.a (id);",
            ]
            let migrator = Migrator(client: client, schema: try schema(files))
            async let first = migrator.migrate()
            async let second = migrator.migrate()
            let applied = try await [first, second]
            #expect(applied.flatMap { $0 }.sorted() == files.keys.sorted())
        }
    }

    @Test func saysWhoIsInTheWayAndGoesOnWhenTheyHaveGone() async throws {
        try await withEmptyDatabase { client async throws in
            var files = ["tables/0001_a.sql": "CREATE TABLE agentctl.a (id int);"]
            try await Migrator(client: client, schema: try schema(files)).migrate()
            files["tables/0002_b.sql"] = "ALTER TABLE agentctl.a ADD COLUMN b int;"
            let changed = try schema(files)
            let patience = MigrationPatience(
                lockTimeout: .milliseconds(150),
                attempts: 3,
                pause: .milliseconds(20),
                reportAfter: .milliseconds(30)
            )
            let seen = Mutex<[BlockingSession]>([])
            let (reader, user) = try await client.withTransaction { connection in
                let rows = try await connection.query(
                    "SELECT pg_backend_pid() AS pid, current_user::text AS who FROM agentctl.a"
                )
                #expect(rows.isEmpty)
                let me = try #require(
                    try await connection.query("SELECT pg_backend_pid()::bigint AS pid, current_user::text AS who")
                        .first
                )
                let error = await #expect(throws: StoreError.self) {
                    try await Migrator(client: client, schema: changed, patience: patience).migrate { report in
                        if case .waiting("tables/0002_b.sql", let sessions) = report {
                            seen.withLock { $0 += sessions }
                        }
                    }
                }
                #expect(error?.code == .unavailable)
                let processID = try me.decode("pid", as: Int64.self)
                #expect(
                    error?.message.contains("in the way is pid \(processID) (user ") == true,
                    "\(error?.message ?? "")"
                )
                #expect(error?.message.contains("idle in transaction") == true)
                return (processID, try me.decode("who", as: String.self))
            }
            #expect(seen.withLock { $0.first?.processID } == reader)
            #expect(seen.withLock { $0.first?.user } == user)
            #expect(
                try await Migrator(client: client, schema: changed, patience: patience).migrate() == [
                    "tables/0002_b.sql"
                ]
            )
        }
    }

    /// While a migration waits, whoever comes after it waits no longer than its `lock_timeout`.
    @Test func stepsBackForThoseBehindIt() async throws {
        try await withEmptyDatabase { client async throws in
            var files = ["tables/0001_a.sql": "CREATE TABLE agentctl.a (id int);"]
            try await Migrator(client: client, schema: try schema(files)).migrate()
            files["tables/0002_b.sql"] = "ALTER TABLE agentctl.a ADD COLUMN b int;"
            let changed = try schema(files)
            let patience = MigrationPatience(
                lockTimeout: .milliseconds(100),
                attempts: 1000,
                pause: .milliseconds(50),
                reportAfter: .milliseconds(20)
            )
            let (waits, waiting) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await client.withTransaction { connection in
                    _ = try await connection.query("SELECT FROM agentctl.a")
                    group.addTask {
                        try await Migrator(client: client, schema: changed, patience: patience).migrate { report in
                            if case .waiting = report { waiting.yield() }
                        }
                    }
                    for await _ in waits { break }
                    // It stands in the queue, in front of this reader.
                    _ = try await client.query("SELECT FROM agentctl.a", timeout: .seconds(20))
                }
                try await group.waitForAll()
            }
            #expect(try await text(client, "SELECT count(b) FROM agentctl.a") == "0")
        }
    }

    /// A client that is idle in a transaction delays a migration, and a migration delays no other client for long.
    @Test func anIdleClientDuringAnUpgradeStopsNobody() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let change = "ALTER TABLE agentctl.conversation_control ADD COLUMN later integer;"
            let changed = Schema(
                files: Schema.embedded.files + [try #require(SchemaFile(name: "tables/9999_later.sql", text: change))],
                ending: Schema.embedded.ending
            )
            let (waits, waiting) = AsyncStream.makeStream(of: Void.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                try await bench.client.withTransaction { idle in
                    _ = try await idle.query("SELECT agentctl.submit('idle', 'hello')")
                    group.addTask {
                        try await Migrator(client: bench.client, schema: changed).migrate { report in
                            if case .waiting = report { waiting.yield() }
                        }
                    }
                    for await _ in waits { break }
                    for _ in 0..<5 {
                        try await bench.client.withTransaction { other in
                            _ = try await other.query("SET LOCAL statement_timeout = '3s'")
                            _ = try await other.query("SELECT agentctl.submit('other', 'hello')")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(
                try await bench.text("SELECT count(later)::text AS text FROM agentctl.conversation_control") == "0"
            )
        }
    }

    @Test func everyFileOfTheFoldersTravelsInTheProgram() throws {
        let root = URLPath.packageRoot
        for folder in ["migrations", "seeds"] {
            var files: [String] = []
            for name in try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)").sorted() {
                var isDirectory = false
                _ = FileManager.default.fileExists(atPath: "\(root)/\(folder)/\(name)", isDirectory: &isDirectory)
                // The tour and the examples of models are for those who have the folders.
                let stays = ["current.sql", "chains.yaml"].contains(name) || name.hasPrefix("models/")
                if !isDirectory, !stays { files.append("\(folder)/\(name)") }
            }
            #expect(EmbeddedFile.all(in: folder).map(\.path).sorted() == files.sorted())
            for file in EmbeddedFile.all(in: folder) {
                let data = try #require(FileManager.default.contents(atPath: "\(root)/\(file.path)"))
                #expect(Array(data) == Array(file.text.utf8), "\(file.path)")
            }
        }
    }

    @Test func directivesStandInTheFirstLines() throws {
        let file = try #require(
            SchemaFile(
                name: "views/v.sql",
                text: "-- after: a, b\n-- replaces: f(int, text); g()\n-- reaches: 3\nSELECT 1;"
            )
        )
        #expect(file.predecessors == ["a", "b"])
        #expect(file.replaced == ["f(int, text)", "g()"])
        #expect(file.onlineIndex == nil)
        #expect(SchemaFile(name: "views/v.sql", text: "SELECT 1;\n-- after: a")?.predecessors == [])
        #expect(SchemaFile(name: "0001_a.sql", text: "") == nil)
        #expect(SchemaFile(name: "tables/a.sql", text: "") == nil)
    }

    @Test(arguments: [("0.1.0", false), ("0.1.1", true), ("0.10", true), ("0.0.9", false), ("1", true), ("0.1", false)])
    func releasesAreComparedByNumber(version: String, isNewer: Bool) {
        #expect(Release.isNewer(version) == isNewer)
    }
}
