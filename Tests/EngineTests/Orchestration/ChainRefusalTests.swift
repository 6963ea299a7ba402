import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// Chains that could not run, or could run for ever, are not registered; each mistake is named with its place.
@Suite struct ChainRefusalTests {
    private static func graph(_ nodes: String, _ edges: String) -> String {
        let members = nodes.split(separator: " ").map { #"{"name": "\#($0)", "agent": "assistant"}"# }
        return #"""
            [{"kind": "chain", "name": "c", "strategy": "graph", "nodes": [\#(members.joined(separator: ", "))],
              "edges": [\#(edges)]}]
            """#
    }

    private static let isX = #""when": {"nodes.a": {"const": "x"}}"#

    /// What is registered, and what is said of it; nil for nothing.
    private static let cases: [(String, String?)] = [
        (graph("a", #"{"from": "a", "to": "b"}"#), #"edges[0].to is "b""#),
        (
            #"[{"kind": "chain", "name": "c", "strategy": "sequential", "stages": [{"agent": "asistant"}]}]"#,
            #"stages[0].agent is "asistant", which is not registered"#
        ),
        (graph("a b", #"{"from": "a", "to": "end"}"#), #"nodes[1] "b" cannot be reached from "a""#),
        (graph("a b", #"{"from": "a", "to": "b", \#(isX)}"#), #"nodes[0] "a" has only ways on with conditions"#),
        (
            graph("a b", #"{"from": "a", "to": "b"}, {"from": "b", "to": "a", "loop": 3}"#),
            #"nodes[1] "b" has no way on when the bound of its loop is reached"#
        ),
        (
            graph("a b", #"{"from": "a", "to": "b"}, {"from": "b", "to": "a"}"#),
            "edges[1] leads back without a bound: a → b → a"
        ),
        (graph("a", #"{"from": "a", "to": "a"}"#), "edges[0] leads back without a bound: a → a"),
        (
            graph(
                "a",
                #"{"from": "a", "to": "a", "loop": 1001, \#(isX)}, {"from": "a", "to": "end", "otherwise": true}"#
            ),
            "edges[0].loop is 1001"
        ),
        (
            graph("a b", #"{"from": "a", "to": "b", "loop": 3}"#),
            #"edges[0].loop does not lead back: no way goes from "b" to "a""#
        ),
        (
            graph(
                "s a b",
                #"""
                {"from": "s", "to": "a"}, {"from": "s", "to": "b"}, {"from": "a", "to": "b"},
                {"from": "b", "to": "a", "loop": 3, \#(isX)}, {"from": "b", "to": "end", "otherwise": true}
                """#
            ),
            #"edges[1] leads into the loop of "a" past its beginning"#
        ),
        (
            graph("a b", #"{"from": "a", "to": "b", "upon": "limit"}"#),
            #"edges[0] is for the bound of a loop, and no edge leads back from "a""#
        ),
        (
            #"""
            [{"kind": "agent", "name": "w", "model": "offline", "input_schema":
              {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}},
             {"kind": "chain", "name": "c", "strategy": "sequential", "stages": [{"agent": "assistant"}, {"agent": "w"}]}]
            """#,
            #"stages[1].input is not what agent "w" takes: it has no "n", which is required"#
        ),
        (
            #"[{"kind": "chain", "name": "c", "strategy": "sequential", "stages": [{"chain": "c"}]}]"#,
            "stages[0].chain is the chain itself"
        ),
        (
            #"""
            [{"kind": "agent", "name": "w", "model": "offline", "max_chain_depth": 0},
             {"kind": "chain", "name": "c", "from": "w", "to": "assistant"}]
            """#,
            #"from is "w", whose max_chain_depth is 0"#
        ),
        (nested(9), "stages[0].chain makes chains stand within chains more than 8 deep"),
        (nested(8), nil),
        (graph("a b", #"{"from": "a", "to": "b"}"#), nil),
    ]

    @Test(arguments: cases) func whatCannotRunIsRefused(_ documents: String, _ problem: String?) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let problems = try await bench.texts(
                "SELECT concat_ws(' ', path, problem) AS text FROM agentctl.check_documents($1::text::jsonb)",
                [.text(documents)]
            )
            if let problem { #expect(problems.contains(problem), "\(problems)") } else { #expect(problems == []) }
        }
    }

    /// Chains of which each is a stage of the one before.
    private static func nested(_ count: Int) -> String {
        let chains = (1...count).map { number in
            let stage = number < count ? #""chain": "c\#(number + 1)""# : #""agent": "assistant""#
            return #"{"kind": "chain", "name": "c\#(number)", "strategy": "sequential", "stages": [{\#(stage)}]}"#
        }
        return "[\(chains.joined(separator: ", "))]"
    }
}
