import JSON
import Postgres
import TestSupport

@testable import Conversation
@testable import Engine
@testable import Store

/// A conversation with an agent that has guardrails, over a mock model.
struct GuardrailBench: Sendable {
    let bench: Bench
    let model: MockModel
    let client: ConversationClient

    /// Runs a test with an agent `assistant` that names guardrails.
    ///
    /// - Parameters:
    ///   - guardrails: The documents without kind and name, by their names, in their order.
    ///   - agent: Further members of the agent's document.
    ///   - script: What the model says.
    static func with(
        _ guardrails: [(name: String, document: String)],
        agent: String = "",
        script: @escaping MockModel.Script,
        _ body: (GuardrailBench) async throws -> Void
    ) async throws {
        try await withMockModel(script) { model in
            try await Bench.with(Ledger(), model: model) { bench in
                var documents = try guardrails.map { guardrail in
                    var object = try JSONValue(parsing: guardrail.document).objectValue ?? [:]
                    object["kind"] = "guardrail"
                    object["name"] = .string(guardrail.name)
                    return JSONValue.object(object)
                }
                let names = guardrails.map { "\"\($0.name)\"" }.joined(separator: ", ")
                documents +=
                    try JSONValue(
                        parsing: """
                            [{"kind": "agent", "name": "judge", "model": "mock", "system_prompt": "JUDGE"},
                             {"kind": "agent", "name": "assistant", "model": "mock", "tools": ["write", "store", "calculator"],
                              "guardrails": [\(names)]\(agent.isEmpty ? "" : ", " + agent)}]
                            """
                    ).arrayValue ?? []
                _ = try await bench.definitions.register(documents)
                try await body(GuardrailBench(bench: bench, model: model, client: bench.client()))
            }
        }
    }

    func send(_ message: String, emit: @escaping @Sendable (TurnEvent) -> Void = { _ in }) async throws -> TurnSummary {
        try await client.send(.message(message), to: "c", emit: emit)
    }

    /// What was found, in order: `guardrail place action`.
    func hits() async throws -> [String] {
        try await bench.texts(
            """
            SELECT concat_ws(' ', guardrail, guardrail_version, place, action, tool) AS text
            FROM agentctl.security_events WHERE kind = 'guardrail' ORDER BY at, guardrail
            """
        )
    }

    func messages() async throws -> [String] {
        try await bench.texts(
            "SELECT role || ': ' || content AS text FROM agentctl.message WHERE conversation_id = 'c' ORDER BY number"
        )
    }

    /// The tables of the conversation that hold a text anywhere; those that hold what was sent in, and what waits for a
    /// person, too.
    func tables(with text: String) async throws -> [String] {
        try await bench.texts(
            """
            SELECT DISTINCT kept.name AS text FROM (
                SELECT 'message' AS name, m::text AS row FROM agentctl.message AS m
                UNION ALL SELECT 'submission', s::text FROM agentctl.submission AS s
                UNION ALL SELECT 'event', e::text FROM agentctl.event AS e
                UNION ALL SELECT 'step', s::text FROM agentctl.step AS s
                UNION ALL SELECT 'turn', t::text FROM agentctl.turn AS t
                UNION ALL SELECT 'tool_call', t::text FROM agentctl.tool_call AS t
                UNION ALL SELECT 'function_call', f::text FROM agentctl.function_call AS f
                UNION ALL SELECT 'security_event', s::text FROM agentctl.security_event AS s
                UNION ALL SELECT 'delta', d::text FROM agentctl.delta AS d
                UNION ALL SELECT 'approval', a::text FROM agentctl.approval AS a
            ) AS kept WHERE strpos(kept.row, $1) > 0 ORDER BY 1
            """,
            [.text(text)]
        )
    }

    /// Everything that the model was sent.
    func sent() async throws -> String {
        await model.requests.map { $0.messages.map(\.text).joined(separator: "\n") }.joined(separator: "\n")
    }

    func pending() async throws -> Int64? {
        try await bench.conversations.approvals(isPending: true, limit: 1).first?["id"]?.integerValue
    }
}
