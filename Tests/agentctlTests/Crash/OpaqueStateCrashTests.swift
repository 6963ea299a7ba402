import FoundationEssentials
import Glibc
import JSON
import TestSupport
import Testing

/// A worker that dies between an answer and the result of its call, where the answer has what only its server understands.
struct OpaqueStateCrashTests {
    private static func documents(_ baseURL: String, provider: String) -> String {
        """
        kind: model
        name: mock
        provider: \(provider)
        base_url: \(baseURL)
        model: mock-1
        ---
        kind: tool
        name: shell
        description: Runs.
        implementation: shell
        effect: unsafe
        timeout: 600
        ---
        kind: policy
        name: everything
        rules: [{action: allow}]
        ---
        kind: agent
        name: thinker
        model: mock
        tools: [shell]
        policies: [everything]
        """
    }

    /// What the server knows again, and nobody else.
    private static func thought(_ dialect: MockModelRequest.Dialect) -> JSONValue {
        dialect == .messages
            ? ["type": "thinking", "thinking": "Hm.", "signature": "opaque-7"]
            : ["type": "reasoning", "id": "rs_7", "summary": [], "encrypted_content": "opaque-7"]
    }

    static let ways: [(MockModelRequest.Dialect, MockModelRequest.Dialect)] = [
        (.messages, .messages), (.responses, .responses), (.messages, .responses), (.responses, .messages),
        (.messages, .chatCompletions), (.responses, .chatCompletions),
    ]

    @Test(.timeLimit(.minutes(5)), arguments: ways.indices)
    func theTurnGoesOnWithItWhereItIsKnownAndWithoutItElsewhere(index: Int) async throws {
        let (first, second) = Self.ways[index]
        try await withMockModel { request in
            guard request.lastSpeaker == "user" else { return .text("It is done.") }
            let arguments = #"{"command":"touch began; while true; do sleep 0.1; done"}"#
            var reply = MockModelReply.toolCalls([.init(id: "call_1", name: "shell", arguments: arguments)])
            reply.thoughts = [Self.thought(request.dialect)]
            return reply
        } perform: { model in
            try await withDatabase(template: .seeded) { url in
                try await withTemporaryDirectory(permissions: 0o777) { directory in
                    func register(_ provider: String) async throws {
                        let input = Self.documents(model.baseURL, provider: provider)
                        let registered = try await agentctl("register", "-", url: url, input: input)
                        #expect(registered.status == 0, "\(registered.errors)")
                    }
                    func worker() throws -> AgentctlProcess {
                        try AgentctlProcess(["work", "--workspace", directory], environment: ["DATABASE_URL": url])
                    }
                    try await register(first.provider)
                    _ = try await psql(url, "UPDATE agentctl.setting SET value = '1' WHERE name = 'worker_ttl'")
                    let killed = try worker()
                    _ = try await psql(url, "SELECT agentctl.submit('c', 'Go.', agent => 'thinker')")
                    try await eventually("the call to run") { access("\(directory)/began", F_OK) == 0 }
                    killed.send(SIGKILL)
                    #expect(try await killed.result().status == -SIGKILL)
                    if second != first { try await register(second.provider) }

                    let other = try worker()
                    try await eventually("the doubt") {
                        try await psql(url, "SELECT count(*) FROM agentctl.calls_in_doubt") == "1"
                    }
                    #expect(await model.requests.count == 1)
                    let call = try await psql(url, "SELECT seq || ', ' || number FROM agentctl.tool_call")
                    _ = try await psql(url, "SELECT agentctl.resolve_tool_call('c', \(call), 'happened', 'out')")
                    try await eventually("the turn to end") {
                        try await psql(url, "SELECT status FROM agentctl.turn") == "succeeded"
                    }
                    let requests = await model.requests
                    #expect(requests.map(\.dialect) == [first, second])
                    #expect(requests.last?.lastSpeaker == "tool")
                    #expect(requests.last?.lastText.contains("out") == true)
                    // As it came, exactly, or not at all.
                    let sent = requests.last?.body.text ?? ""
                    #expect(sent.contains("opaque-7") == (second == first), "\(sent)")
                    other.send(SIGTERM)
                    #expect(try await other.result().status == 0)
                }
            }
        }
    }
}
