import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Definitions
@testable import Engine
@testable import Safety
@testable import Store
@testable import Tools

/// The policy that every installation begins with, as the migration registered it.
@Suite struct DefaultPolicyTests {
    private func withDefaultPolicy(_ body: (SafetyPolicy) throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let parts = try #require(try await bench.definitions.agentParts("assistant"))
            #expect(parts.policies.map(\.name) == ["default"])
            try body(try SafetyPolicy(documents: parts.policies.map { ($0.name, $0.document) }))
        }
    }

    @Test func commandLines() async throws {
        try await withDefaultPolicy { policy in
            let cases = [
                (DecisionCases.allowed, "allow"), (DecisionCases.denied, "deny"), (DecisionCases.asked, "ask"),
            ]
            for (lines, expected) in cases {
                for line in lines {
                    let decision = policy.decide(DecisionCases.shell(line))
                    #expect(decision.action.rawValue == expected, "\(line): \(decision.rule)")
                    #expect(decision.reason != nil)
                }
            }
        }
    }

    @Test func toolsOfEveryKind() async throws {
        let cases: [(String?, ToolEffect, JSONValue, String)] = [
            ("calculator", .pure, ["expression": "1"], "allow"), (nil, .pure, [:], "allow"), (nil, .sql, [:], "allow"),
            (nil, .idempotent, [:], "allow"), (nil, .unsafe, ["command": "ls"], "ask"),
            ("sql_query", .unsafe, [:], "ask"),
            ("file_write", .unsafe, ["path": "a"], "allow"), ("file_edit", .unsafe, ["path": "a/b"], "allow"),
            ("file_write", .idempotent, ["path": ".git/hooks/x"], "ask"),
            ("file_write", .idempotent, ["path": "a/../.git/config"], "ask"),
            ("file_edit", .unsafe, ["path": "sub/.git/config"], "ask"),
            ("file_read", .pure, ["path": ".git/config"], "allow"),
            ("http_request", .unsafe, ["url": "https://a.example"], "allow"),
            ("http_request", .unsafe, ["url": "https://a.example", "method": "HEAD"], "allow"),
            ("http_request", .unsafe, ["url": "https://a.example", "method": "POST"], "ask"),
            ("http_request", .idempotent, ["url": "https://a.example", "method": "DELETE"], "ask"),
            ("http_api", .idempotent, [:], "allow"),
            ("http_api", .unsafe, [:], "ask"), ("run_python", .unsafe, ["code": "1"], "allow"),
            ("run_tests", .unsafe, [:], "allow"),
            ("run_tests", .unsafe, ["command": "ls"], "allow"), ("run_tests", .unsafe, ["command": "make"], "ask"),
            ("run_tests", .unsafe, ["command": "rm -rf /"], "deny"), ("shell", .pure, ["command": "make"], "ask"),
            ("pipeline", .unsafe, [:], "ask"), ("remember", .sql, ["for": "everyone"], "ask"),
            ("remember", .sql, ["for": "user"], "allow"), ("remember", .sql, [:], "allow"),
        ]
        try await withDefaultPolicy { policy in
            for (implementation, effect, arguments, expected) in cases {
                let call = ProposedCall(
                    tool: "t",
                    implementation: implementation,
                    effect: effect,
                    arguments: arguments,
                    facts: ToolFacts.of(implementation, arguments),
                    agent: "a"
                )
                let decision = policy.decide(call)
                #expect(decision.action.rawValue == expected, "\(implementation ?? "") \(arguments): \(decision.rule)")
            }
        }
    }

    @Test func anAgentsOwnPoliciesComeFirstAndTheDefaultOneIsASetting() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(
                #"""
                [{"kind": "policy", "name": "strict", "rules": [{"action": "deny"}]},
                 {"kind": "policy", "name": "alpha", "rules": []},
                 {"kind": "agent", "name": "b", "model": "offline", "policies": ["strict", "alpha"]}]
                """#
            )
            let parts = try #require(try await bench.definitions.agentParts("b"))
            #expect(parts.policies.map(\.name) == ["strict", "alpha", "default"])
            #expect(
                try await bench.text("SELECT policies[1] AS text FROM agentctl.agents WHERE name = 'b'") == "strict"
            )
            let before = parts.epoch
            _ = try await bench.client.query(
                "UPDATE agentctl.setting SET value = 'strict' WHERE name = 'default_policy'"
            )
            let changed = try #require(try await bench.definitions.agentParts("assistant"))
            #expect(changed.policies.map(\.name) == ["strict"])
            #expect(changed.epoch > before)
            #expect(try await bench.definitions.agentParts("b")?.policies.map(\.name) == ["strict", "alpha"])
        }
    }

    @Test func aPathThatNothingHasIsNotRegistered() async throws {
        try await withBench { bench in
            let rules = #"""
                [{"path": ["secrets/", "./a", "**/b", "[.]/x", "{/a,b}", "..."], "action": "deny"},
                 {"path": ["/secrets/**", "a//b"], "action": "deny"}, {"path": ["a/../b"], "action": "ask"},
                 {"path": ["./.", "a/./b"], "action": "deny"}]
                """#
            let policy = try JSONValue(parsing: #"{"kind": "policy", "name": "p", "rules": \#(rules)}"#)
            let found = try await bench.definitions.problems(in: [policy]).map { "\($0.path) \($0.problem)" }
            #expect(
                found == [
                    #"rules[1].path[0] is "/secrets/**", which no path fits"#,
                    #"rules[1].path[1] is "a//b", which no path fits"#,
                    #"rules[2].path[0] is "a/../b", which no path fits"#,
                    #"rules[3].path[0] is "./.", which no path fits"#,
                    #"rules[3].path[1] is "a/./b", which no path fits"#,
                ]
            )
        }
    }

    /// A name that nothing has would be a rule that never holds.
    @Test func aNameInARuleHasToBeRegistered() async throws {
        try await withBench { bench in
            let tool = #"{"kind": "tool", "name": "mail_send", "implementation": "calculator", "description": "d"}"#
            func mistakes(_ rules: String, order: String = "[]") async throws -> [String] {
                let policy = #"{"kind": "policy", "name": "p", "rules": \#(rules), "order": \#(order)}"#
                // The policy comes before what it names.
                let documents = try [policy, tool].map { try JSONValue(parsing: $0) }
                return try await bench.definitions.problems(in: documents).map {
                    "\($0.path) \($0.problem)\($0.nearest.map { " → \($0)" } ?? "")"
                }
            }
            let wrong = #"""
                [{"tool": "mail_snd", "action": "deny"}, {"tool": ["mail_send", "post_*"], "action": "deny"},
                 {"tool": "mail_*|chat", "action": "deny"}, {"agent": "a", "action": "deny"},
                 {"implementation": "sell", "action": "deny"}, {"tool": "*", "action": "ask", "approvers": ["pg_monitr"]}]
                """#
            let order = #"[{"tool": "mail_send", "rule": "after", "other": "draft"}]"#
            let found = try await mistakes(wrong, order: order)
            #expect(
                found == [
                    #"order[0].other has "draft", which is not registered"#,
                    #"rules[0].tool has "mail_snd", which is not registered → mail_send"#,
                    #"rules[1].tool[1] has "post_*", which fits none that is registered"#,
                    #"rules[2].tool has "chat", which is not registered"#,
                    #"rules[3].agent has "a", which is not registered"#,
                    #"rules[4].implementation has "sell", which is not registered → shell"#,
                    #"rules[5].approvers[0] is "pg_monitr", which is no role of the server → pg_monitor"#,
                ]
            )
            let right = #"""
                [{"tool": ["mail_send", "mail_*", "*", "re:^x", "delegate", "m\\*"], "action": "deny"},
                 {"implementation": ["shop.pay", "file_*", "function", "sh?ll"], "action": "deny"},
                 {"action": "ask", "approvers": ["pg_monitor"]}]
                """#
            let none = try await mistakes(right)
            #expect(none == [])
            await #expect(throws: (any Error).self) {
                try await bench.client.query(
                    #"INSERT INTO agentctl.policies (name, rules) VALUES ('p', '[{"tool": "x", "action": "deny"}]')"#
                )
            }
        }
    }

    @Test func aPolicysDocumentIsChecked() async throws {
        try await withBench { bench in
            let document = try JSONValue(
                parsing: #"""
                    {"kind": "policy", "name": "p", "order": [{"tool": "delegate", "rule": "at_most"}],
                     "rules": [{"tool": [1], "arguments": {"x": 1}, "action": "alow"}, {"acton": "deny", "action": "deny"}]}
                    """#
            )
            let mistakes = try await bench.definitions.problems(in: [document])
            #expect(
                mistakes.map { "\($0.path) \($0.problem) → \($0.nearest ?? "")" } == [
                    "order[0].count is missing → ", "rules[0].action is \"alow\" → allow",
                    "rules[0].arguments.x is the number 1 → ", "rules[0].tool is a list → ",
                    "rules[1].acton is unknown → action",
                ]
            )
            _ = try await bench.client.query(
                "UPDATE agentctl.policies SET approval_timeout = 60 WHERE name = 'default'"
            )
            let version = try await bench.text(
                "SELECT format('%s %s', version, approval_timeout) AS text FROM agentctl.policies"
            )
            #expect(version == "2 60")
        }
    }

    @Test func aRuleAboutAnArgumentThatItsToolDoesNotHaveIsRefused() async throws {
        try await withBench { bench in
            func mistakes(_ rules: String, schema: String, together: Bool = true) async throws -> [String] {
                let policy = try JSONValue(parsing: #"{"kind": "policy", "name": "p", "rules": \#(rules)}"#)
                let tool = try JSONValue(
                    parsing: #"""
                        {"kind": "tool", "name": "refund", "implementation": "calculator", "description": "d",
                         "input_schema": \#(schema)}
                        """#
                )
                if !together { _ = try await bench.definitions.register([tool]) }
                return try await bench.definitions.problems(in: together ? [policy, tool] : [policy]).map {
                    "\($0.path) \($0.problem)\($0.nearest.map { " → \($0)" } ?? "")"
                }
            }
            let schema = #"{"type": "object", "properties": {"amount": {"type": "string"}, "to": {"type": "string"}}}"#
            let wrong = #"""
                [{"tool": "refund", "arguments": {"amont": "^[0-9.]{5,}$"}, "action": "deny"},
                 {"tool": ["refund"], "arguments": {"amont": {"minimum": 5}, "to": "x"}, "action": "deny"}]
                """#
            let expected = [
                #"rules[0].arguments.amont is no argument of "refund" → amount"#,
                #"rules[1].arguments.amont is no argument of "refund" → amount"#,
            ]
            let found = try await mistakes(wrong, schema: schema)
            #expect(found == expected)
            // Of a pattern or of several tools each may have other arguments.
            let others = #"""
                [{"tool": "refund", "arguments": {"amount": "x"}, "action": "deny"},
                 {"tool": "ref*", "arguments": {"amont": "x"}, "action": "deny"},
                 {"arguments": {"amont": "x"}, "action": "deny"}]
                """#
            let none = try await mistakes(others, schema: schema)
            #expect(none == [])
            let open = #"{"type": "object", "properties": {"a": {}}, "patternProperties": {"^am": {}}}"#
            let unknown = try await mistakes(wrong, schema: open)
            #expect(unknown == [])
            let later = try await mistakes(wrong, schema: schema, together: false)
            #expect(later == expected)
        }
    }
}
