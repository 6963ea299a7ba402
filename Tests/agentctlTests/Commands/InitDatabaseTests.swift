import Definitions
import Engine
import JSON
import Store
import TestSupport
import Testing

struct InitDatabaseTests {
    /// The files that are applied to an empty database, in order.
    private static let files: JSONValue = .array(Schema.embedded.files.map { .string($0.name) })

    /// How many documents the seeds have.
    private static let seeds: Int = {
        let files = EmbeddedFile.all(in: "seeds")
        return files.reduce(0) { $0 + "\n\($1.text)".split(separator: "\nkind: ").count - 1 }
    }()

    @Test func theFirstRunMakesTheSchemaTheSecondIsANoOp() async throws {
        try await withDatabase { url in
            let before = try await agentctl("init-db", "--status", "--json", url: url)
            #expect(
                try before.json.arrayValue?.map { $0["state"] }
                    == Array(repeating: "pending", count: Self.files.arrayValue?.count ?? 0)
            )
            let rehearsed = try await agentctl("init-db", "--dry-run", "--json", url: url)
            #expect(try rehearsed.json.arrayValue?.count == Self.files.arrayValue?.count)

            let first = try await agentctl("init-db", "--seed", "--json", url: url)
            #expect(first.status == 0)
            #expect(try first.json["applied"] == Self.files)
            #expect(
                try first.json["registered"]?.arrayValue?.map { $0["changed"] }
                    == Array(repeating: true, count: Self.seeds)
            )
            let second = try await agentctl("init-db", "--seed", "--json", url: url)
            #expect(try second.json["applied"] == [])
            #expect(
                try second.json["registered"]?.arrayValue?.map { $0["changed"] }
                    == Array(repeating: false, count: Self.seeds)
            )

            let status = try await agentctl("init-db", "--status", "--json", url: url)
            #expect(
                try status.json.arrayValue?.map { $0["state"] }
                    == Array(repeating: "applied", count: Self.files.arrayValue?.count ?? 0)
            )
            #expect(try await agentctl("init-db", "--dry-run", url: url).errors == "nothing to apply\n")
        }
    }

    @Test func severalAtOnceAreSafeEachFileIsAppliedOnce() async throws {
        try await withDatabase { url in
            let results = try await withThrowingTaskGroup(of: AgentctlProcess.Result.self) { group in
                for _ in 0..<3 {
                    group.addTask { try await agentctl("init-db", "--seed", "--json", url: url) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.map(\.status) == [0, 0, 0], "\(results.map(\.errors))")
            let applied = try results.flatMap { try $0.json["applied"]?.arrayValue ?? [] }
            #expect(applied.map(\.text).sorted() == Self.files.arrayValue?.map(\.text).sorted())
            let stored = try await psql(url, "SELECT count(*) FROM agentctl.definition_version WHERE name <> 'default'")
            #expect(stored == "\(Self.seeds)")
        }
    }

    @Test func anAppliedNumberedFileThatWasEditedIsRefusedByName() async throws {
        try await withDatabase(template: .seeded) { url in
            _ = try await psql(
                url,
                "UPDATE agentctl.migration SET checksum = 'x' WHERE name = 'tables/0004_engine.sql'"
            )
            let result = try await agentctl("init-db", url: url)
            #expect(result.status == 3)
            #expect(result.errors.contains("tables/0004_engine.sql was edited"))
        }
    }

    @Test func withoutTheSchemaCommandsSayWhatToRun() async throws {
        try await withDatabase { url in
            for arguments in [["send", "-c", "1", "hi"], ["agents", "list"], ["trace", "1"], ["metrics"]] {
                let result = try await AgentctlProcess(arguments, environment: ["DATABASE_URL": url]).result()
                #expect(result.status == 1)
                #expect(result.errors.contains("agentctl init-db --seed"), "\(arguments): \(result.errors)")
            }
        }
    }
}
