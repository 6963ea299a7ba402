import FoundationEssentials
import Glibc
import HTTP
import HTTPTypes
import JSON
import TestSupport
import Testing

/// Keys that workers have are in no row, log, event or error, whatever a server says back.
struct PlantedKeyTests {
    /// Three ways to have a key, each of which no rule of form would recognize.
    private static let keys = ["planted by hand", "planted too", "planted-in-a-file"]

    private static func documents(_ baseURL: String, keyFile: String) -> String {
        """
        kind: endpoint
        name: gateway
        base_url: \(baseURL)
        api_key_env: PLANTED_KEY
        header_env: {X-Gateway: PLANTED_GATE}
        ---
        kind: endpoint
        name: filed
        base_url: \(baseURL)
        api_key_file: \(keyFile)
        ---
        kind: model
        name: first
        provider: openai
        endpoint: gateway
        model: m
        retry: {attempts: 2, first: 0.01}
        fallback: [{model: second}]
        ---
        kind: model
        name: second
        provider: anthropic
        endpoint: filed
        model: m
        retry: {attempts: 2, first: 0.01}
        ---
        kind: agent
        name: keyed
        model: first
        """
    }

    /// What the server says back: all that it was told in headers, in each place where an error may stand.
    private static func reply(to request: MockRequest) -> MockResponse {
        let told = ["authorization", "x-gateway", "x-api-key"].compactMap { request.headers.first(name: $0) }
            .joined(separator: " and ")
        let text = request.text
        let error: JSONValue = ["error": ["message": .string("I refuse \(told)"), "type": "x", "code": .string(told)]]
        if text.contains("status 401") { return .json(error, status: 401) }
        if text.contains("status 500") { return .json(error, status: 500) }
        if text.contains("status 302") {
            return .json(error, status: 302, headers: [.location: "http://127.0.0.1/?\(told)"])
        }
        if text.contains("in the stream") { return .events { try await $0.write(ServerSentEvent(data: error.text)) } }
        return .json(["choices": [["finish_reason": .string(told), "message": ["content": "Half"]]]])
    }

    @Test(.timeLimit(.minutes(5)))
    func keysAreNowhere() async throws {
        try await withTemporaryDirectory { directory in
            let file = "\(directory)/key"
            try Self.keys[2].write(toFile: file, atomically: false, encoding: .utf8)
            #expect(chmod(file, 0o600) == 0)
            try await withMockServer { request in
                Self.reply(to: request)
            } perform: { server in
                try await withDatabase(template: .seeded) { url in
                    // Each failure is asked for, whatever the one before it did.
                    _ = try await psql(url, "UPDATE agentctl.setting SET value = '0' WHERE name = 'breaker_failures'")
                    let variables = [
                        "DATABASE_URL": url, "PLANTED_KEY": Self.keys[0].replacing(" ", with: "-"),
                        "PLANTED_GATE": Self.keys[1], "AGENTCTL_LOG_LEVEL": "trace",
                    ]
                    var seen: [String] = []
                    let input = Self.documents("\(server.url)/v1", keyFile: file)
                    let registered = try await agentctl("register", "-", url: url, environment: variables, input: input)
                    #expect(registered.status == 0, "\(registered.errors)")
                    let worker = try AgentctlProcess(["work"], environment: variables)
                    let faults = ["status 401", "status 500", "status 302", "in the stream", "an odd end"]
                    for (number, fault) in faults.enumerated() {
                        _ = try await psql(
                            url,
                            "SELECT agentctl.submit('k\(number)', 'Fail with \(fault).', agent => 'keyed')"
                        )
                    }
                    try await eventually("all turns to fail") {
                        try await psql(url, "SELECT count(*) FROM agentctl.turn WHERE status = 'failed'") == "5"
                    }
                    // Both servers were asked with their keys, and told them back.
                    let asked = await server.requests
                    #expect(asked.contains { $0.headers.first(name: "authorization") == "Bearer planted-by-hand" })
                    #expect(asked.contains { $0.headers.first(name: "x-gateway") == Self.keys[1] })
                    #expect(asked.contains { $0.headers.first(name: "x-api-key") == Self.keys[2] })
                    let looks = [
                        ["trace", "k0/1"], ["events", "k1", "--json"], ["endpoints", "list", "--json"], ["doctor"],
                    ]
                    for arguments in looks {
                        let process = try AgentctlProcess(arguments, environment: variables)
                        let result = try await process.result()
                        seen += [result.output, result.errors]
                    }
                    worker.send(SIGTERM)
                    let ended = try await worker.result()
                    seen += [ended.output, ended.errors]
                    let dump = "\(directory)/dump.sql"
                    try await dumpWithoutPrivileges(url, to: dump)
                    let rows = try String(contentsOfFile: dump, encoding: .utf8)
                    #expect(rows.contains("I refuse"), "the dump has no error of the server")
                    seen.append(rows)
                    for text in seen {
                        for line in text.split(separator: "\n") where line.contains("planted") {
                            Issue.record("\(line.prefix(400))")
                        }
                    }
                }
            }
        }
    }
}
