import JSON
import TestSupport
import Testing

/// What models and strangers wrote, on a real terminal.
struct TerminalTests {
    /// C1 control sequences, DEL and marks of direction, which JSON and YAML may hold as they are.
    private static let steering = "x\u{9B}31m\u{9D}0;title\u{7}\u{7F}\u{202E}drawkcab\u{2066}"

    /// Runs the executable on a terminal of its own.
    private func onTerminal(_ arguments: [String], url: String) async throws -> String {
        let spawn = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
        let result = try await AgentctlProcess(
            program: ["/usr/bin/python3", "-c", spawn, AgentctlProcess.executable],
            arguments,
            environment: ["DATABASE_URL": url, "NO_COLOR": "1"]
        ).result()
        return result.output
    }

    private func steers(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x7F..<0xA0).contains($0.value) || [0x202E, 0x2066].contains($0.value) }
    }

    @Test func noFormOfOutputSteersATerminal() async throws {
        try await withDatabase(template: .seeded) { url in
            // As escapes: what is registered may not hold them as they are.
            let text = #""x\u009b31m\u009d0;title\u0007\u007f\u202edrawkcab\u2066""#
            let documents = """
                [{"kind": "model", "name": "steering", "provider": "rules", "rules": [{"otherwise": \(text)}]},
                 {"kind": "agent", "name": "steering", "model": "steering", "system_prompt": \(text)}]
                """
            let registered = try await agentctl("register", "-", url: url, input: documents)
            #expect(registered.status == 0, "\(registered.errors)")
            let sent = try await agentctl("send", "-c", "c", "-a", "steering", Self.steering, url: url)
            #expect(sent.output.contains("\u{9B}31m"), "\(sent.errors)")
            for arguments in [
                ["events", "c"], ["conversations", "export", "c"], ["agents", "show", "steering"],
                ["models", "show", "steering"], ["agents", "show", "steering", "--json"],
                ["conversations", "show", "c", "--json"],
            ] {
                let shown = try await onTerminal(arguments, url: url)
                #expect(shown.contains("drawkcab"), "\(arguments): \(shown)")
                #expect(!steers(shown), "\(arguments)")
            }
            // A program gets the text as it is.
            let events = try await agentctl("events", "c", url: url)
            #expect(steers(events.output))
            let shown = try await onTerminal(["events", "c"], url: url)
            let parsed = try shown.split(whereSeparator: \.isNewline).map { try JSONValue(parsing: String($0)) }
            #expect(try parsed == events.jsonLines)
        }
    }
}
