import FoundationEssentials
import JSON
import TestSupport
import Testing

/// Runs the executable and waits for its end.
func agentctl(
    _ arguments: String...,
    url: String? = nil,
    environment: [String: String] = [:],
    in workingDirectory: String = "/",
    input: String = "",
    output: AgentctlProcess.Output = .kept,
    on machine: LesserMachine? = nil
) async throws -> AgentctlProcess.Result {
    var environment = environment
    environment["DATABASE_URL"] = url
    return try await AgentctlProcess(
        arguments,
        environment: environment,
        workingDirectory: workingDirectory,
        input: input,
        output: output,
        machine: machine
    ).result()
}

extension AgentctlProcess.Result {
    /// The output as one JSON document.
    var json: JSONValue {
        get throws { try JSONValue(parsing: output) }
    }

    /// The output as JSON lines.
    var jsonLines: [JSONValue] {
        get throws { try output.split(separator: "\n").map { try JSONValue(parsing: String($0)) } }
    }
}

extension DatabaseTemplate {
    /// A database as `init-db --seed` makes it.
    static let seeded = DatabaseTemplate("seeded") { url in
        let result = try await agentctl("init-db", "--seed", "--quiet", url: url)
        #expect(result.status == 0, "\(result.errors)")
    }
}

/// A model and an agent over a mock model, as documents.
func documents(model: MockModel, agent: String = "tester", more: String = "") -> String {
    """
    kind: model
    name: mock
    provider: openai
    base_url: \(model.baseURL)
    model: mock-1
    prices: {input: 1, output: 2}
    ---
    kind: agent
    name: \(agent)
    system_prompt: You are a test.
    model: mock
    tools: [calculator]
    \(more)
    """
}

/// Runs `body` with a directory that holds files.
func withFiles<Result>(
    _ files: [String: String],
    _ body: (_ directory: String) async throws -> Result
) async throws -> Result {
    try await withTemporaryDirectory { directory in
        for (name, text) in files {
            try text.write(toFile: "\(directory)/\(name)", atomically: false, encoding: .utf8)
        }
        return try await body(directory)
    }
}
