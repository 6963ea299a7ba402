import JSON
import Postgres
import TestSupport

@testable import Conversation
@testable import Engine
@testable import Store

/// Agents with blocks, over a model that answers by script.
enum BlockDocuments {
    /// The tools that edit blocks, and agents that have the block `project`: `writer` and `reader`.
    static func agents(at baseURL: String, block: String = #""value": "goal: ship\nowner: ada""#) -> String {
        let tools = ["memory_insert", "memory_replace", "memory_rethink"]
        let rows = tools.map {
            #"{"kind": "tool", "name": "\#($0)", "description": "\#($0)", "implementation": "\#($0)"}"#
        }
        let names = tools.map { #""\#($0)""# }.joined(separator: ", ")
        let agents = ["writer", "reader"].map {
            """
            {"kind": "agent", "name": "\($0)", "model": "mock", "access": "everyone", "tools": [\(names)],
             "system_prompt": "You are \($0).", "memory": {"blocks": ["project"]}}
            """
        }
        return """
            [{"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(baseURL)", "model": "mock-1"},
             {"kind": "block", "name": "project", "description": "What the team does.", \(block)},
             \((rows + agents).joined(separator: ",\n"))]
            """
    }
}

/// Runs a test over agents with a block, whose model answers by `script`.
func withBlocks(
    block: String = #""value": "goal: ship\nowner: ada""#,
    _ script: @escaping MockModel.Script,
    _ body: (Bench, MockModel) async throws -> Void
) async throws {
    try await withMockModel(script) { model in
        try await withBench { bench in
            try await bench.register(BlockDocuments.agents(at: model.baseURL, block: block))
            try await body(bench, model)
        }
    }
}

extension Bench {
    /// Has an agent answer a message, and returns what it says.
    @discardableResult
    func say(_ text: String, to conversation: String, _ agent: String = "writer") async throws -> String {
        _ = try await conversations.submit(.message(text), to: conversation, agent: agent)
        while try await process() != nil {}
        return try await self.text(
            """
            SELECT content AS text FROM agentctl.message WHERE conversation_id = $1 ORDER BY number DESC LIMIT 1
            """,
            [.text(conversation)]
        ) ?? ""
    }

    /// What stands in the block `project` and its version.
    func project() async throws -> (value: String, version: Int64) {
        let row = try await reports.blockReport(label: "project").first
        return (row?["value"]?.stringValue ?? "", row?["version"]?.integerValue ?? 0)
    }
}

extension MockModelRequest {
    /// Role and text of each message, without the system's.
    var words: [String] {
        messages.dropFirst().map { "\($0["role"]?.stringValue ?? ""): \($0["content"]?.stringValue ?? "")" }
    }
}
