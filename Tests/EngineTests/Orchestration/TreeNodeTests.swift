import JSON
import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// What tools, functions and operators do for the nodes of a chain, in the tree of its turn.
@Suite struct TreeNodeTests {
    private func nodes(of turn: Reports.TurnName, _ bench: Bench) async throws -> [String] {
        let rows = try await bench.reports.treeReport(of: turn)
        return (rows.first?["nodes"]?.arrayValue ?? []).map { node in
            ["node", "kind", "calls", "status", "error_code"].compactMap { node[$0]?.stringValue }
                .joined(separator: " ")
        }
    }

    @Test func aCallOfANodeStandsBesideTheTasksOfOthers() async throws {
        try await Bench.withChains(ChainDocuments.sequence, ChainDocuments.nested) { bench in
            _ = try await bench.client().send(.message("cats"), to: "c", agent: "nested") { _ in }
            let turn = Reports.TurnName(conversation: "c", seq: 1)
            #expect(try await nodes(of: turn, bench) == ["calculator tool calculator succeeded"])
            // An agent's own calls are steps of its turn, and no nodes.
            let others = try await bench.texts(
                "SELECT turn AS text FROM agentctl.tree('c', 1) WHERE place > 1 AND nodes IS NOT NULL"
            )
            #expect(others == [])
        }
    }

    @Test func whatATurnWaitsForStandsInItsRow() async throws {
        try await Bench.withChains(ChainDocuments.gate(handlesDenial: true)) { bench in
            let turn = Reports.TurnName(conversation: "c", seq: 1)
            let waiting = try await bench.client().send(.message("cats"), to: "c", agent: "gate") { _ in }
            #expect(waiting.status == .waiting)
            #expect(try await nodes(of: turn, bench) == ["ask approval waiting"])
            let rows = try await bench.reports.treeReport(of: turn)
            #expect(rows[0]["waits_for"]?["approvals"]?[0]?["tool"] == "approval")
            #expect(rows.dropFirst().allSatisfy { $0["waits_for"] == .null })
            _ = try await bench.client.query("SELECT agentctl.approve(id) FROM agentctl.pending_approvals")
            _ = try await bench.client().wait(for: 1, of: "c", after: 0) { _ in }
            #expect(try await nodes(of: turn, bench) == ["ask approval succeeded"])
            #expect(try await bench.reports.treeReport(of: turn)[0]["waits_for"] == .null)
        }
    }
}
