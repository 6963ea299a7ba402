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

    private func withRunningCommand(
        printing command: String,
        _ body: (_ url: String, _ worker: AgentctlProcess) async throws -> Void
    ) async throws {
        try await withDatabase(template: .seeded) { url in
            try await withTemporaryDirectory(permissions: 0o777) { directory in
                #expect(try await agentctl("register", "-", url: url, input: Self.documents).status == 0)
                let worker = try AgentctlProcess(
                    ["work", "--workspace", directory],
                    environment: ["DATABASE_URL": url]
                )
                try await eventually("the worker to start") { worker.errorsSoFar.contains("working") }
                let message = "run \(command); touch began; sleep 300"
                _ = try await psql(url, "SELECT agentctl.submit('c', '\(message)', agent => 'runner')")
                try await eventually("the command to begin") { access("\(directory)/began", F_OK) == 0 }
                try await body(url, worker)
            }
        }
    }

    private static let answer = "half of it\nError: The run was stopped."

    @Test(.timeLimit(.minutes(5)))
    func whatItPrintedIsKeptWhenItsTurnIsInterrupted() async throws {
        try await withRunningCommand(printing: "echo half of it") { url, _ in
            #expect(try await agentctl("interrupt", "c", url: url).status == 0)
            try await eventually("the turn to end") {
                try await psql(url, "SELECT count(*) FROM agentctl.turn") == "1"
            }
            let told = "SELECT content FROM agentctl.conversation_history WHERE role = 'tool'"
            #expect(try await psql(url, told) == Self.answer + " Whether it took effect is not known.")
            let trace = try await agentctl("trace", "c/1", "--json", url: url)
            #expect(trace.output.contains("half of it"), "\(trace.output)")
            let run = "SELECT rtrim(output, chr(10)) FROM agentctl.function_call"
            #expect(try await psql(url, run) == "half of it")
            #expect(try await agentctl("conversations", "resolve", "c/1", "happened", url: url).status == 0)
            let result = "SELECT state || ' ' || result FROM agentctl.tool_call"
            let found = "An operator found that it was done all the same."
            #expect(try await psql(url, result) == "succeeded \(Self.answer) \(found)")
        }
    }

    /// The beginning and the end of it, as much as the tool may return.
    @Test(.timeLimit(.minutes(5)))
    func whatItPrintedIsKeptWhenItsWorkerIsMadeToEnd() async throws {
        try await withRunningCommand(printing: "seq 1 100000") { url, worker in
            worker.send(SIGTERM)
            try await eventually("the worker to drain") { worker.errorsSoFar.contains("drain") }
            worker.send(SIGTERM)
            _ = try await worker.result()
            let call = "SELECT state || ' ' || coalesce(result, 'nothing') FROM agentctl.tool_call"
            let result = try await psql(url, call)
            #expect(result.hasPrefix("in_doubt 1\n2\n3\n") && result.contains(" bytes are not shown …]"), "\(result)")
            #expect(result.hasSuffix("\n100000\nError: The run was stopped."), "\(result)")
            #expect(result.utf8.count <= 10_240)
        }
    }

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
