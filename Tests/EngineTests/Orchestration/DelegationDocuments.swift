import Postgres
import TestSupport

@testable import Engine
@testable import Store

/// Agents that answer by rules, and delegate by them.
enum DelegationDocuments {
    /// Lead delegates to Searcher and Analyst; Top to Middle, Middle to Searcher; Router by what an agent can do.
    static let agents = """
        [{"kind": "model", "name": "lead", "provider": "rules", "rules": [
            {"when": "^research (.+)$", "call": {"tool": "delegate", "arguments": {"tasks": [
                {"agent": "Searcher", "task": "search $1"}, {"agent": "Analyst", "task": "analyze $1"}]}},
             "then": "Report: {{result}}"},
            {"when": "^route (.+)$", "call": {"tool": "delegate", "arguments": {"tasks": [
                {"capability": "search", "task": "search $1"}]}}, "then": "Routed: {{result}}"},
            {"when": "^pass (.+)$", "call": {"tool": "delegate", "arguments": {"tasks": [
                {"agent": "Middle", "task": "hand $1"}]}}, "then": "Top: {{result}}"},
            {"when": "^hand (.+)$", "call": {"tool": "delegate", "arguments": {"tasks": [
                {"agent": "Searcher", "task": "search $1"}]}}, "then": "Middle: {{result}}"},
            {"otherwise": "I lead."}]},
         {"kind": "model", "name": "specialist", "provider": "rules", "rules": [
            {"when": "^search (.+)$", "say": "found $1"}, {"when": "^analyze (.+)$", "say": "$1 is good"},
            {"otherwise": "I do not know."}]},
         {"kind": "agent", "name": "Searcher", "model": "specialist", "description": "Finds things.",
          "capabilities": ["search"]},
         {"kind": "agent", "name": "Analyst", "model": "specialist", "description": "Judges things."},
         {"kind": "agent", "name": "Lead", "model": "lead", "delegates": ["Searcher", "Analyst"],
          "chain_strategy": "parallel"},
         {"kind": "agent", "name": "Router", "model": "lead", "delegate_capabilities": ["search"]},
         {"kind": "agent", "name": "Middle", "model": "lead", "delegates": ["Searcher"]},
         {"kind": "agent", "name": "Top", "model": "lead", "delegates": ["Middle"]}]
        """

    /// Analyst, whose answers never fit.
    static let failingAnalyst = """
        {"kind": "agent", "name": "Analyst", "model": "specialist", "output_retries": 0,
         "output_schema": {"type": "object"}}
        """
}

extension Bench {
    /// Runs a test over a new database with agents that delegate.
    static func withDelegates(_ body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(DelegationDocuments.agents)
            try await bench.openToEveryone()
            try await body(bench)
        }
    }

    /// Runs a worker until the body is done.
    func working(_ configuration: WorkerConfiguration = .init(slots: 8), _ body: () async throws -> Void) async throws {
        let worker = worker(configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await worker.run() }
            try await body()
            group.cancelAll()
        }
    }

    /// The turns that have ended, as `CONVERSATION/SEQ status`, in the order of their conversations.
    func turns() async throws -> [String] {
        try await texts(
            "SELECT format('%s/%s %s', conversation_id, seq, status) AS text FROM agentctl.turn ORDER BY conversation_id, seq"
        )
    }
}
