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

    /// What was made one's own is not replaced, and what somebody took out of force stays so.
    @Test func seedsTakeFreeNamesOnlyUnlessTheyAreForced() async throws {
        try await withDatabase(template: .seeded) { url in
            let rows =
                "SELECT string_agg(concat_ws(' ', name, version, system_prompt), ', ') FROM agentctl.agents WHERE name = 'assistant'"
            _ = try await psql(url, "UPDATE agentctl.agents SET system_prompt = 'Mine' WHERE name = 'assistant'")
            let kept = try await agentctl("init-db", "--seed", url: url)
            #expect(kept.status == 0 && kept.output.contains("agent assistant v2 (unchanged)"), "\(kept.output)")
            #expect(try await psql(url, rows) == "assistant 2 Mine")
            #expect(try await agentctl("init-db", "--seed", "--dry-run", url: url).errors == "nothing to apply\n")
            let shown = try await agentctl("init-db", "--seed", "--force", "--dry-run", url: url)
            #expect(shown.output.contains("agent assistant") && shown.output.contains("replaced"), "\(shown.output)")
            #expect(try await psql(url, rows) == "assistant 2 Mine")
            let forced = try await agentctl("init-db", "--seed", "--force", url: url)
            #expect(forced.output.contains("agent assistant v3 (new version)"), "\(forced.output)")
            #expect(try await agentctl("init-db", "--force", url: url).status == 2)
        }
    }

    @Test func aRehearsalListsWhatWouldBeRegistered() async throws {
        try await withDatabase { url in
            let rehearsed = try await agentctl("init-db", "--seed", "--dry-run", "--json", url: url)
            let rows = try #require(try rehearsed.json.arrayValue)
            #expect(rows.count { $0["state"] == "registered" } == Self.seeds)
            #expect(rows.contains { $0["name"] == "agent assistant" })
        }
    }

    /// Whoever has a schema has agents, too, or does not want any.
    @Test func noHintAdvisesSeedsWhereASchemaIs() async throws {
        try await withDatabase { url in
            #expect(try await agentctl("init-db", url: url).status == 0)
            for arguments in [["doctor"], ["agents", "list"], ["models", "list"], ["tools", "list"]] {
                let result = try await AgentctlProcess(arguments, environment: ["DATABASE_URL": url]).result()
                #expect(!(result.output + result.errors).contains("--seed"), "\(arguments): \(result.output)")
            }
            _ = try await psql(url, "DELETE FROM agentctl.migration WHERE name = 'tables/0014_plans.sql'")
            for arguments in [["doctor"], ["send", "-c", "1", "hi"], ["metrics"]] {
                let result = try await AgentctlProcess(arguments, environment: ["DATABASE_URL": url]).result()
                #expect(result.status == 1)
                #expect(
                    (result.output + result.errors).contains("Run: agentctl init-db\n"),
                    "\(arguments): \(result.errors)"
                )
            }
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
            let rehearsed = try await agentctl("init-db", "--dry-run", url: url)
            #expect(rehearsed.status == 3 && rehearsed.output.contains("edited"))
            #expect(try await agentctl("init-db", "--status", url: url).status == 0)
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
