import TestSupport
import Testing

/// A program works on the schema of its own release only.
struct SchemaRefusalTests {
    private static let commands = [
        ["work"], ["send", "-c", "1", "hi"], ["conversations", "undo", "1"], ["register", "x.yaml"],
        ["agents", "list"],
    ]

    @Test(arguments: [
        // A newer release was here.
        (
            "INSERT INTO agentctl.migration (name, checksum, release) VALUES ('tables/9999_future.sql', 'x', '0.1.0')",
            Int32(3), "tables/9999_future.sql", "newer release"
        ),
        (
            "UPDATE agentctl.migration SET release = '99.0.0' WHERE name = 'routines/claim.sql'", 3, "99.0.0",
            "newer release"
        ),
        // Files of this one are to be applied.
        (
            "DELETE FROM agentctl.migration WHERE name = 'tables/0014_plans.sql'", 1, "0014_plans.sql",
            "Run: agentctl init-db\n"
        ),
        (
            "UPDATE agentctl.migration SET checksum = 'x' WHERE name = 'schema/fingerprint'", 1,
            "does not have the schema of this release", "Run: agentctl init-db\n"
        ),
    ])
    func anotherSchemaIsRefusedByName(_ change: String, _ status: Int32, _ name: String, _ hint: String) async throws {
        try await withDatabase(template: .seeded) { url in
            try await withFiles(["x.yaml": "kind: model\nname: m\nprovider: rules\nrules: [{otherwise: x}]\n"]) {
                directory in
                _ = try await psql(url, change)
                for arguments in Self.commands {
                    let result = try await AgentctlProcess(
                        arguments,
                        environment: ["DATABASE_URL": url],
                        workingDirectory: directory
                    ).result()
                    #expect(result.status == status, "\(arguments): \(result.errors)")
                    #expect(result.errors.contains(name) && result.errors.contains(hint), "\(result.errors)")
                }
                #expect(try await psql(url, "SELECT count(*) FROM agentctl.submission") == "0")
            }
        }
    }

    /// Whoever may not look is not refused for that.
    @Test func usersOfTheRolesPass() async throws {
        try await withDatabase(template: .seeded) { url in
            let name = "user_\(UInt32.random(in: 0..<UInt32.max))"
            _ = try await psql(url, "CREATE ROLE \(name) LOGIN IN ROLE agentctl_reader")
            let listed = try await agentctl(
                "agents",
                "list",
                url: url.contains("user=") ? url.replacing(#/user=[^&]*/#, with: "user=\(name)") : "\(url)&user=\(name)"
            )
            #expect(listed.status == 0, "\(listed.errors)")
            _ = try await psql(url, "DROP ROLE \(name)")
        }
    }
}
