import Agents
import Postgres
import TestSupport
import Testing

import struct FoundationEssentials.Data
import class FoundationEssentials.FileManager

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

    @Test func appliesEachMigrationOnceInOrder() async throws {
        try await withEmptyDatabase { client async throws in
            let migrator = Migrator(client: client)
            let names = Migration.embedded.map(\.name)
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
            #expect(applied.flatMap { $0 }.sorted() == Migration.embedded.map(\.name))
        }
    }

    @Test func refusesAnEditedMigrationByName() async throws {
        try await withEmptyDatabase { client async throws in
            let original = try #require(Migration(name: "0001_a.sql", text: "CREATE TABLE agentctl.a (id int);"))
            let edited = try #require(Migration(name: "0001_a.sql", text: "CREATE TABLE agentctl.a (id bigint);"))
            _ = try await Migrator(client: client, migrations: [original]).migrate()
            let error = await #expect(throws: StoreError.self) {
                try await Migrator(client: client, migrations: [edited]).migrate()
            }
            #expect(error?.code == .refused)
            #expect(error?.message == "0001_a.sql was edited after it had been applied")
        }
    }

    @Test func refusesADatabaseOfANewerRelease() async throws {
        try await withEmptyDatabase { client async throws in
            let newer = try #require(Migration(name: "0009_later.sql", text: "SELECT 1;"))
            _ = try await Migrator(client: client, migrations: [newer]).migrate()
            let error = await #expect(throws: StoreError.self) {
                try await Migrator(client: client, migrations: []).migrate()
            }
            #expect(error?.code == .refused)
        }
    }

    @Test func aFailingMigrationLeavesNothingBehind() async throws {
        try await withEmptyDatabase { client async throws in
            let good = try #require(Migration(name: "0001_good.sql", text: "CREATE TABLE agentctl.good (id int);"))
            let bad = try #require(
                Migration(name: "0002_bad.sql", text: "CREATE TABLE agentctl.bad (id int); SELECT 1/0;")
            )
            await #expect(throws: StoreError.self) {
                try await Migrator(client: client, migrations: [good, bad]).migrate()
            }
            let tables = try await client.query(
                "SELECT relname::text AS text FROM pg_class WHERE relname IN ('good', 'bad')"
            )
            #expect(try tables.map { try $0.decode("text", as: String.self) } == ["good"])
        }
    }

    @Test func everyFileOfTheFoldersTravelsInTheProgram() throws {
        let root = URLPath.packageRoot
        for folder in ["migrations", "seeds"] {
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)").sorted()
            #expect(EmbeddedFile.all(in: folder).map(\.name) == files)
            for file in EmbeddedFile.all(in: folder) {
                let data = try #require(FileManager.default.contents(atPath: "\(root)/\(file.path)"))
                #expect(Array(data) == Array(file.text.utf8), "\(file.path)")
            }
        }
    }
}

/// Where the package lies, from this file's own path.
enum URLPath {
    static let packageRoot = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
}
