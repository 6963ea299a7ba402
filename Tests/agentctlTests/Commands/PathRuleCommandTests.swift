import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// A turn whose agent has a rule about a path, with the tools of a workspace.
struct PathRuleCommandTests {
    private static let documents = """
        kind: model
        name: typist
        provider: rules
        rules:
          - {when: '^read (.+)$', call: {tool: file_read, arguments: {path: $1}}}
          - {when: '^find (.+)$', call: {tool: search, arguments: {pattern: $1}}}
          - {when: '^run (.+)$', call: {tool: shell, arguments: {command: $1}}}
          - {when: '^py (.+)$', call: {tool: run_python, arguments: {code: $1}}}
          - {when: '^call (.+)$', call: {tool: reader, arguments: {name: $1}}}
          - {otherwise: Hello.}
        ---
        kind: function
        name: reader
        safe_mode: false
        workspace: read_only
        source: 'def reader(name): return open(name).read()'
        input_schema: {type: object, properties: {name: {type: string}}, required: [name]}
        ---
        kind: policy
        name: careful
        rules:
          - {path: [.env], action: deny}
          - {action: allow}
        ---
        kind: agent
        name: typist
        model: typist
        tools: [file_read, search, shell, run_python]
        functions: [reader]
        policies: [careful]
        """

    private func withPlace(_ body: (_ url: String, _ directory: String) async throws -> Void) async throws {
        try await withDatabase(template: .seeded) { url in
            try await withTemporaryDirectory(permissions: 0o777) { directory in
                for (name, text) in [(".env", "KEY=hidden\n"), ("note", "KEY=shown\n")] {
                    try text.write(toFile: "\(directory)/\(name)", atomically: false, encoding: .utf8)
                    chmod("\(directory)/\(name)", 0o644)
                }
                let registered = try await agentctl("register", "-", url: url, input: Self.documents)
                #expect(registered.status == 0, "\(registered.errors)")
                try await body(url, directory)
            }
        }
    }

    @Test func noToolOfAnAgentReadsWhatItsPolicyDenies() async throws {
        try await withPlace { url, directory in
            let messages = [
                "read .env", "find KEY", "run cat .env note", "py print(open('note').read(), open('.env').read())",
                "call .env",
            ]
            for message in messages {
                let sent = try await agentctl(
                    "send",
                    "-c",
                    "c",
                    "--agent",
                    "typist",
                    "--workspace",
                    directory,
                    message,
                    url: url
                )
                #expect(!(sent.output + sent.errors).contains("hidden"), "\(message): \(sent.output)\(sent.errors)")
                let isSearch = message.hasPrefix("find")
                let expected = isSearch ? "1 files or directories are left out" : "enied"
                #expect(sent.output.contains(expected), "\(message): \(sent.output)\(sent.errors)")
            }
            let shown = try await agentctl(
                "send",
                "-c",
                "d",
                "--agent",
                "typist",
                "--workspace",
                directory,
                "call note",
                url: url
            )
            #expect(shown.output.contains("shown"), "\(shown.output)\(shown.errors)")
        }
    }
}
