import Glibc
import TestSupport
import Testing

/// A command that does not end, and whose turn is stopped.
struct CutOffCallTests {
    private static let documents = """
        kind: model
        name: runner
        provider: rules
        rules: [{when: '^run (.+)$', call: {tool: shell, arguments: {command: $1}}}, {otherwise: Hello.}]
        ---
        kind: policy
        name: everything
        rules: [{action: allow}]
        ---
        kind: agent
        name: runner
        model: runner
        tools: [shell]
        policies: [everything]
        """

    @Test(.timeLimit(.minutes(5)))
    func whatBecameOfItIsAskedAndItsTurnIsNotResumed() async throws {
        try await withDatabase(template: .seeded) { url in
            try await withTemporaryDirectory(permissions: 0o777) { directory in
                #expect(try await agentctl("register", "-", url: url, input: Self.documents).status == 0)
                let worker = try AgentctlProcess(
                    ["work", "--workspace", directory],
                    environment: ["DATABASE_URL": url]
                )
                try await eventually("the worker to start") { worker.errorsSoFar.contains("working") }
                let message = "run touch began; sleep 300"
                _ = try await psql(url, "SELECT agentctl.submit('c', '\(message)', agent => 'runner')")
                try await eventually("the command to begin") { access("\(directory)/began", F_OK) == 0 }
                #expect(try await agentctl("interrupt", "c", url: url).status == 0)
                try await eventually("the turn to end") {
                    try await psql(url, "SELECT count(*) FROM agentctl.turn") == "1"
                }
                #expect(try await psql(url, "SELECT call, waits FROM agentctl.calls_in_doubt") == "1|f")
                let again = try await agentctl("conversations", "resolve", "c/1", "run_again", url: url)
                #expect(again.status == 3 && again.errors.contains("has ended"), "\(again.errors)")
                let resolved = try await agentctl("conversations", "resolve", "c/1", "happened", url: url)
                #expect(resolved.status == 0 && resolved.errors.contains("turn c/1 has ended"), "\(resolved.errors)")
                #expect(try await psql(url, "SELECT count(*) FROM agentctl.calls_in_doubt") == "0")
            }
        }
    }
}
