import FoundationEssentials
import Glibc
import HTTP
import HTTPTypes
import JSON
import TestSupport
import Testing

/// `agentctl models test` against servers of every dialect, and those that fail.
struct ModelCommandTests {
    private static func document(_ mock: MockModel, provider: String, more: String = "") -> String {
        """
        kind: model
        name: mock
        provider: \(provider)
        base_url: \(mock.baseURL)
        model: mock-1
        \(more)
        """
    }

    /// A model that can do everything.
    private static func reply(_ request: MockModelRequest) -> MockModelReply {
        let hasSchema = ["response_format", "output_config", "text"].contains { request.body[$0] != nil }
        if hasSchema { return .text(#"{"city":"Paris"}"#) }
        if request.lastSpeaker == "tool" { return .text("There are 4711.") }
        guard !request.toolNames.isEmpty else { return .text("one, two, three, four, five, six") }
        let call = MockModelReply.ToolCall(id: "a", name: "stock_of", arguments: #"{"article":"lamp"}"#)
        var other = call
        other.id = "b"
        return .toolCalls(request.lastText.contains("both") ? [call, other] : [call])
    }

    /// Runs the command for a model that answers by a script.
    private func tested(
        provider: String = "openai",
        more: String = "",
        _ arguments: [String] = [],
        _ script: @escaping MockModel.Script
    ) async throws -> (AgentctlProcess.Result, [MockModelRequest]) {
        try await withMockModel(script) { mock in
            try await withDatabase(template: .seeded) { url in
                try await withFiles(["m.yaml": Self.document(mock, provider: provider, more: more)]) { directory in
                    let registered = try await agentctl("register", "m.yaml", url: url, in: directory)
                    #expect(registered.status == 0, "\(registered.errors)")
                }
                let arguments = ["models", "test", "mock"] + arguments
                let process = try AgentctlProcess(arguments, environment: ["DATABASE_URL": url], workingDirectory: "/")
                return (try await process.result(), await mock.requests)
            }
        }
    }

    private func outcomes(_ result: AgentctlProcess.Result) throws -> [String: String] {
        let trials = try result.json["trials"]?.arrayValue ?? []
        return Dictionary(
            uniqueKeysWithValues: trials.map {
                ($0["ability"]?.stringValue ?? "", $0["outcome"]?.stringValue ?? "")
            }
        )
    }

    @Test(arguments: MockModelRequest.Dialect.allCases)
    func aModelThatCanDoEverything(dialect: MockModelRequest.Dialect) async throws {
        let (result, requests) = try await tested(provider: dialect.provider, ["--json"]) { Self.reply($0) }
        #expect(result.status == 0, "\(result.errors)")
        let all = ["chat", "stream", "tools", "parallel_calls", "schema", "usage"]
        #expect(try outcomes(result) == Dictionary(uniqueKeysWithValues: all.map { ($0, "works") }))
        #expect(try result.json["fields"] == [])
        #expect(requests.count == 5 && requests.allSatisfy { $0.dialect == dialect })
    }

    @Test func whatIsRefusedIsNamedAsALineOfTheDocument() async throws {
        let (result, _) = try await tested { request in
            request.body["temperature"] == nil
                ? Self.reply(request) : .error(status: 400, message: "Unsupported parameter: 'temperature'")
        }
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("set in the model's document: omit: [temperature]"))
        #expect(result.output.contains("✓ tools: its result was used"))
    }

    @Test func whatAModelDoesNotDoIsMissingAndWhatFailsFails() async throws {
        let (words, _) = try await tested(["--json"]) { _ in .text("I would rather talk.") }
        #expect(words.status == 0)
        #expect(try outcomes(words)["tools"] == "missing" && outcomes(words)["schema"] == "missing")
        let (broken, _) = try await tested(["--json"]) { request in
            request.toolNames.isEmpty ? Self.reply(request) : .error(status: 500)
        }
        #expect(broken.status == 1)
        #expect(try outcomes(broken)["tools"] == "failed" && outcomes(broken)["schema"] == "works")
        let (cut, _) = try await tested(["--json"]) { _ in .cut(after: "one") }
        #expect(try cut.status == 1 && outcomes(cut) == ["chat": "failed"])
    }

    @Test func aModelThatCannotBeAsked() async throws {
        let (keyless, requests) = try await tested(more: "api_key_env: ABSENT_KEY") { Self.reply($0) }
        #expect(keyless.status == 3 && keyless.errors.contains("ABSENT_KEY") && requests.isEmpty)
        let (away, _) = try await tested(more: "description: away") { _ in .response(.text("", status: 503)) }
        #expect(away.status == 1)
        try await withDatabase(template: .seeded) { url in
            let unknown = try await agentctl("models", "test", "oflfine", url: url)
            #expect(unknown.status == 4 && unknown.errors.contains("Did you mean offline?"), "\(unknown.errors)")
            try await withFiles([
                "m.yaml": "kind: model\nname: gone\nprovider: openai\nbase_url: http://127.0.0.1:1/v1\nmodel: m\n"
            ]) { directory in
                _ = try await agentctl("register", "m.yaml", url: url, in: directory)
                #expect(try await agentctl("models", "test", "gone", url: url).status == 5)
            }
        }
    }

    /// A server that several models share: listed, shown, asked and examined by way of its document.
    @Test func modelsOfAnEndpoint() async throws {
        try await withMockModel { request in
            request.headers.first(name: "api-key") == "of-the-file" ? Self.reply(request) : .error(status: 401)
        } perform: { mock in
            try await withDatabase(template: .seeded) { url in
                try await withTemporaryDirectory { directory in
                    let file = "\(directory)/key"
                    try "of-the-file".write(toFile: file, atomically: false, encoding: .utf8)
                    #expect(chmod(file, 0o600) == 0)
                    let documents = """
                        kind: endpoint
                        name: gateway
                        description: Ours.
                        base_url: \(mock.baseURL)
                        api_key_file: \(file)
                        api_key_header: api-key
                        ---
                        {kind: model, name: mock, provider: openai, endpoint: gateway, model: mock-1}
                        """
                    let registered = try await agentctl("register", "-", url: url, input: documents)
                    #expect(registered.status == 0, "\(registered.errors)")
                    let tested = try await agentctl("models", "test", "mock", url: url)
                    #expect(tested.status == 0, "\(tested.output) \(tested.errors)")
                    let list = try await agentctl("endpoints", "list", "--json", url: url).json
                    #expect(list[0]?["endpoint"] == "gateway" && list[0]?["state"] == "closed")
                    #expect(list[0]?["models"] == 1)
                    let shown = try await agentctl("endpoints", "show", "gateway", url: url)
                    #expect(shown.output.contains("api_key_file: \(file)"), "\(shown)")
                    let models = try await agentctl("models", "list", "--json", url: url).json.arrayValue ?? []
                    #expect(models.contains { $0["endpoint"] == "gateway" })
                    #expect(chmod(file, 0o644) == 0)
                    let doctor = try await agentctl("doctor", url: url)
                    #expect(doctor.output.contains("may be read by others"), "\(doctor.output)")
                    let removed = try await agentctl("endpoints", "rm", "gateway", url: url)
                    #expect(removed.status == 3 && removed.errors.contains("is used by model mock"), "\(removed)")
                }
            }
        }
    }
}
