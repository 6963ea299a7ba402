import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Judges of a consensus, whose answer is held to the options as every vote is.
@Suite struct ChainVerdictTests {
    /// Two voters who disagree, and a judge.
    private static func documents(judge rules: String) -> String {
        """
        [{"kind": "model", "name": "yes", "provider": "rules", "rules": [{"otherwise": "yes"}]},
         {"kind": "model", "name": "no", "provider": "rules", "rules": [{"otherwise": "no"}]},
         {"kind": "model", "name": "chief", "provider": "rules", "rules": [\(rules)]},
         {"kind": "agent", "name": "A", "model": "yes"}, {"kind": "agent", "name": "B", "model": "no"},
         {"kind": "agent", "name": "Chief", "model": "chief"},
         {"kind": "chain", "name": "opinion", "strategy": "consensus", "question": "Urgent?",
          "voters": [{"agent": "A"}, {"agent": "B"}], "answer": {"options": ["yes", "no"], "normalize": ["case"]},
          "decide": {"tie": "judge", "judge": "Chief"}}]
        """
    }

    @Test func aJudgeThatNamesNoOptionIsAskedAgainAndThenTheRunFails() async throws {
        try await withBench { bench in
            try await bench.register(Self.documents(judge: #"{"otherwise": "Maybe, maybe not."}"#))
            let summary = try await bench.client().send(.message("x"), to: "c", agent: "opinion") { _ in }
            #expect(summary.status == .failed && summary.errorCode == "invalid_output")
            #expect(summary.errorMessage?.hasSuffix("is not exactly one of the options: yes, no.") == true)
            #expect(
                try await bench.visits("c").suffix(5) == [
                    "count#1 failed", "judge#1 succeeded", "verdict#1 failed", "judge#2 succeeded", "verdict#2 failed",
                ]
            )
        }
    }

    @Test func aJudgeThatNamesAnOptionWhenAskedAgainDecides() async throws {
        try await withBench { bench in
            try await bench.register(
                Self.documents(judge: #"{"when": "did not count", "say": "Yes, it is."}, {"otherwise": "Yes and no."}"#)
            )
            let reply = try await bench.client().send(.message("x"), to: "c", agent: "opinion") { _ in }.reply
            let decision = try JSONValue(parsing: reply ?? "")
            #expect(decision["decided"] == true && decision["answer"] == "yes")
            let asked = try await bench.text(
                "SELECT input #>> '{}' AS text FROM agentctl.node_runs WHERE node = 'judge' AND visit = 1"
            )
            #expect(asked?.hasSuffix("Answer with one of: yes, no.") == true)
            let votes = try await bench.texts(
                "SELECT format('%s %s %s', node, voter, decision) AS text FROM agentctl.ballots WHERE round = 2"
            )
            #expect(votes == ["verdict judge yes"])
        }
    }
}
