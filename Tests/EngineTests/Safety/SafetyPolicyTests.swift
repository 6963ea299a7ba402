import JSON
import Testing

@testable import Conversation
@testable import Definitions
@testable import Engine
@testable import Safety
@testable import Tools

@Suite struct SafetyPolicyTests {
    private func policy(_ documents: String...) throws -> SafetyPolicy {
        var list: [(name: String, document: JSONValue)] = []
        for (index, text) in documents.enumerated() { list.append(("p\(index + 1)", try JSONValue(parsing: text))) }
        return try SafetyPolicy(documents: list)
    }

    private func call(
        _ tool: String = "t",
        _ arguments: JSONValue = [:],
        implementation: String? = nil,
        effect: ToolEffect = .unsafe,
        agent: String = "a",
        earlier: [String] = [],
        attempted: [String]? = nil,
        cost: Double = 0
    ) -> ProposedCall {
        ProposedCall(
            tool: tool,
            implementation: implementation,
            effect: effect,
            arguments: arguments,
            facts: ToolFacts.of(implementation, arguments),
            agent: agent,
            earlierCalls: earlier,
            attemptedCalls: attempted,
            cost: cost
        )
    }

    @Test func aLineThatMayHideACommandIsAskedOfThoseWhomItsRuleNames() throws {
        let policy = try policy(
            """
            {"rules": [
                {"tool": "shell", "command": ["deploy **"], "action": "ask", "approvers": ["b", "a"]},
                {"tool": "shell", "action": "ask", "not_requester": false}]}
            """
        )
        func terms(_ line: String) -> ApprovalTerms {
            policy.decide(call("shell", ["command": .string(line)], implementation: "shell")).terms
        }
        #expect(terms("deploy now") == ApprovalTerms(approvers: ["a", "b"]))
        #expect(terms("$X now") == ApprovalTerms(approvers: ["a", "b"]))
        #expect(terms("ls") == ApprovalTerms(notRequester: false))
        #expect(policy.decide(call("other")).terms == ApprovalTerms())
    }

    /// A rule that refuses names nobody, and takes the approvers of no other rule away.
    @Test func aLineThatMayHideWhatIsForbiddenIsAskedOfThoseWhomTheNextRuleNames() throws {
        let policy = try policy(
            """
            {"rules": [
                {"tool": "shell", "command": ["rm **"], "action": "deny"},
                {"tool": "shell", "action": "ask", "approvers": ["security"]}]}
            """
        )
        for line in ["$X foo", "ls"] {
            let decision = policy.decide(call("shell", ["command": .string(line)], implementation: "shell"))
            #expect(decision.action == .ask && decision.terms == ApprovalTerms(approvers: ["security"]), "\(line)")
        }
    }

    /// Whoever writes an agent does not take away what the policy behind it forbids.
    @Test func whatALaterPolicyDeniesNoEarlierOneAllows() throws {
        let policy = try policy(
            #"{"rules": [{"tool": "shell", "command": ["rm **"], "action": "ask"}, {"tool": "*", "action": "allow"}]}"#,
            #"{"rules": [{"command": ["rm -rf keep"], "action": "allow"}, {"command": ["rm -rf **"], "action": "deny", "reason": "No."}]}"#
        )
        func decide(_ line: String) -> SafetyDecision {
            policy.decide(call("shell", ["command": .string(line)], implementation: "shell"))
        }
        #expect(decide("rm -rf /").action == .deny && decide("rm -rf /").rule == "policy p2, rule 2")
        #expect(decide("rm -rf /").reason == "No.")
        // Within a policy the order counts; what it only may forbid is for its own rules.
        #expect(decide("rm -rf keep").action == .ask && decide("rm x").action == .ask)
        #expect(decide("ls").action == .allow && decide("$X").action == .ask)
    }

    @Test func pathRulesAreThoseThatDecideAboutFiles() throws {
        let policy = try policy(
            """
            {"rules": [
                {"tool": "other", "action": "allow"}, {"command": ["make"], "action": "allow"},
                {"path": ["a/public/**"], "action": "allow"}, {"path": ["a/**", ".env"], "action": "deny"},
                {"path": ["b/**"], "action": "ask"}, {"tool": "shell", "action": "allow"},
                {"path": ["c"], "action": "deny"}]}
            """,
            #"{"rules": [{"path": ["b/never"], "action": "deny"}]}"#
        )
        let rules = policy.pathRules(for: call("shell", ["command": "make"], implementation: "shell"))
        let verdicts = ["a/x", "a/public/x", "x/.env", "a", "b/x", "b/never/x", "c", "d"].map(rules.verdict(on:))
        #expect(verdicts == [.denied, .allowed, .denied, .denied, .asked, .denied, .allowed, .allowed])
        #expect(!rules.deniesAll(in: "a") && rules.deniesAll(in: "b/never") && rules.deniesSome)
        // The second policy has the last word about its file.
        let other = policy.pathRules(for: call("other"))
        #expect(other.verdict(on: "a/x") == .allowed && other.verdict(on: "b/never") == .denied)
    }

    /// A rule that asks about a path asks about code that may read any; one that denies hides the file.
    @Test func codeThatMayReadAnyFileIsAskedAboutWhereARuleAsksAboutSome() throws {
        func decide(_ action: String) throws -> SafetyDecision {
            try policy(#"{"rules": [{"path": ["x/**"], "action": "\#(action)"}, {"action": "allow"}]}"#)
                .decide(call("shell", ["command": "make"], implementation: "shell"))
        }
        #expect(try decide("ask").action == .ask)
        #expect(try decide("ask").reason == "Which files the call uses is not certain, and a rule asks about some.")
        #expect(try decide("deny").action == .allow && decide("allow").action == .allow)
    }

    @Test func theFirstRuleThatFitsDecidesPolicyAfterPolicy() throws {
        let policy = try policy(
            #"{"rules": [{"tool": "a", "action": "deny", "reason": "Not a."}], "approval_timeout": 60}"#,
            #"{"rules": [{"tool": ["a", "b*"], "action": "allow"}, {"tool": "c|d", "action": "ask"}]}"#
        )
        #expect(
            policy.decide(call("a"))
                == SafetyDecision(.deny, rule: "policy p1, rule 1", reason: "Not a.", subject: "{}")
        )
        #expect(policy.decide(call("bx")) == SafetyDecision(.allow, rule: "policy p2, rule 1", subject: "{}"))
        #expect(policy.decide(call("d")).rule == "policy p2, rule 2")
        #expect(policy.decide(call("e")).action == .ask)
        #expect(policy.decide(call("e")).rule == "no rule")
        #expect(policy.approvalTimeout == .seconds(60))
        #expect(try SafetyPolicy(documents: []).decide(call()).action == .ask)
    }

    @Test func allConditionsOfARuleHaveToHold() throws {
        let policy = try policy(
            #"""
            {"rules": [{"tool": "t*", "agent": "a?", "implementation": "x", "effect": ["unsafe"], "cost_usd": 2,
                        "arguments": {"n": "^[0-9]+$", "missing": "^$"}, "action": "deny"}, {"action": "allow"}]}
            """#
        )
        let fitting = call("tt", ["n": 12], implementation: "x", agent: "ab", cost: 2)
        #expect(policy.decide(fitting).action == .deny)
        let others = [
            call("ut", ["n": 12], implementation: "x", agent: "ab", cost: 2),
            call("tt", ["n": 12], implementation: "y", agent: "ab", cost: 2),
            call("tt", ["n": 12], implementation: "x", effect: .pure, agent: "ab", cost: 2),
            call("tt", ["n": 12], implementation: "x", agent: "abc", cost: 2),
            call("tt", ["n": 12], implementation: "x", agent: "ab", cost: 1.99),
            call("tt", ["n": "12a"], implementation: "x", agent: "ab", cost: 2),
            call("tt", ["n": 12, "missing": true], implementation: "x", agent: "ab", cost: 2),
        ]
        for other in others { #expect(policy.decide(other).action == .allow) }
    }

    /// A rule that allows holds for numbers only, one that asks for whatever is not certainly below.
    @Test(
        arguments: [
            (["amount": 99.5], "allow", "allow"), (["amount": 100], "allow", "allow"),
            (["amount": 100.01], "ask", "ask"),
            (["amount": 1e3], "ask", "ask"), (["amount": "1000"], "ask", "ask"), (["amount": "1"], "ask", "ask"),
            ([:], "ask", "ask"), (["amount": nil], "ask", "ask"), (["amount": [1]], "ask", "ask"),
        ] as [(JSONValue, String, String)]
    )
    func argumentsAreComparedAsNumbers(arguments: JSONValue, allowing: String, asking: String) throws {
        let allows = try policy(#"{"rules": [{"arguments": {"amount": {"maximum": 100}}, "action": "allow"}]}"#)
        #expect(allows.decide(call("refund", arguments)).action.rawValue == allowing)
        let asks = try policy(
            #"""
            {"rules": [{"arguments": {"amount": {"exclusiveMinimum": 100}}, "action": "ask"}, {"action": "allow"}]}
            """#
        )
        #expect(asks.decide(call("refund", arguments)).action.rawValue == asking)
    }

    @Test func aSchemaThatSaysNothingOfTypesIsRefused() {
        for schema in [#"{}"#, #"{"not": {"maximum": 100}}"#, #"{"maximum": "x"}"#, "7"] {
            let error = #expect(throws: SafetyPolicyError.self, "\(schema)") {
                try policy(#"{"rules": [{"arguments": {"amount": \#(schema)}, "action": "allow"}]}"#)
            }
            #expect(error?.mistakes.first?.problem.path == "rules[0].arguments.amount", "\(schema)")
        }
    }

    @Test(
        arguments: [
            ("https://api.good.example/x", "allow"), ("https://GOOD.example", "allow"),
            ("https://good.example:8443/", "allow"),
            ("https://good.example./", "allow"), ("https://good.example@evil.example/", "deny"),
            ("https://evil.example/good.example", "deny"), ("https://evil.example?good.example", "deny"),
            ("https://evil.example\\@good.example/", "deny"), ("good.example", "deny"),
            ("https://ev%69l.example", "deny"),
            ("https://good.example.evil.example", "deny"), ("https://[::1]/", "deny"),
            ("https://good.example../", "deny"), ("https://good.example:80@evil.example/", "deny"),
            ("https://good.example:99999/", "deny"), ("https:good.example", "deny"),
        ]
    )
    func hosts(url: String, expected: String) throws {
        let policy = try policy(
            #"{"rules": [{"host": ["good.example", "*.good.example"], "action": "allow"}, {"host": ["*"], "action": "deny"}]}"#
        )
        #expect(policy.decide(call("t", ["url": .string(url)])).action.rawValue == expected)
        #expect(policy.decide(call("t")).action == .ask)
    }

    /// A rule about an address holds for each of its spellings.
    @Test(arguments: ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.0.0.1."])
    func addresses(host: String) throws {
        let policy = try policy(#"{"rules": [{"host": ["127.*"], "action": "deny"}, {"action": "allow"}]}"#)
        #expect(policy.decide(call("t", ["url": .string("http://\(host)/")])).action == .deny)
    }

    @Test(
        arguments: [
            ("src/a.txt", "allow"), ("./src//a.txt", "allow"), ("src/x/../a.txt", "allow"), ("src/../etc/x", "ask"),
            ("../src/a.txt", "ask"),
            ("/src/a.txt", "ask"), ("src/x/.env", "deny"), (".env", "deny"), ("src/.env/../a", "allow"),
            ("x/\u{301}d/../../.env", "deny"), ("src\u{600}/.env", "deny"), ("src/\u{301}d/../../etc", "ask"),
            ("/\u{301}/../src/a", "ask"),
        ]
    )
    func paths(path: String, expected: String) throws {
        let policy = try policy(
            #"{"rules": [{"path": [".env"], "action": "deny"}, {"path": ["src/**"], "action": "allow"}]}"#
        )
        #expect(policy.decide(call("t", ["path": .string(path)])).action.rawValue == expected)
    }

    /// Nobody knows what it leads to: the workspace has a name as well.
    @Test func aPathThatGoesUpIsNotAllowedAfterARuleThatForbidsFiles() throws {
        let policy = try policy(#"{"rules": [{"path": ["secrets/**"], "action": "deny"}, {"action": "allow"}]}"#)
        #expect(policy.decide(call("t", ["path": "../w/secrets/key"])).action == .ask)
        #expect(policy.decide(call("t", ["path": "a/../b"])).action == .allow)
        let rules = policy.pathRules(for: call("t"))
        #expect(rules.verdict(on: "../w/secrets/key") == .denied && rules.verdict(on: "a/../../x") == .denied)
        #expect(rules.verdict(on: "a/../x") == .allowed && rules.verdict(on: "..x") == .allowed)
    }

    /// Such a pattern would hold nothing, and nobody would notice.
    @Test(
        arguments: [
            "/secrets/**", "a//b", "a/../b", "a/./b", "..", ".", "", "/", "{a,/b}", "x{/,}/y", "{a,..}/b",
        ]
    )
    func aPatternThatNoPathFitsIsRefused(pattern: String) {
        let document = #"{"rules": [{"path": ["ok", "\#(pattern)"], "action": "deny"}]}"#
        let error = #expect(throws: SafetyPolicyError.self) { try policy(document) }
        #expect(error?.mistakes.count == 1 && error?.description.contains("rules[0].path") == true)
    }

    @Test func aLineThatMayHideACommandIsNotAllowedAfterARuleThatForbidsCommands() throws {
        let policy = try policy(#"{"rules": [{"command": ["curl **"], "action": "deny"}, {"action": "allow"}]}"#)
        #expect(policy.decide(DecisionCases.shell("make")).action == .allow)
        #expect(policy.decide(DecisionCases.shell("make; curl x")).action == .deny)
        #expect(policy.decide(DecisionCases.shell("$X x")).action == .ask)
        let unclear = policy.decide(DecisionCases.shell("((x)); make"))
        #expect(unclear.action == .ask)
        #expect(unclear.reason == "What the command line runs is not certain: it has arithmetic in (( )).")
    }

    @Test(
        arguments: [
            ("git log|diff **", "git log -p", true), ("git log|diff **", "git push", false), ("ls", "ls -l", false),
            ("ls *", "ls -l", true),
            ("ls *", "ls -l -a", false), ("rm ** +-*r* +/", "rm / -fr", true), ("rm ** +-*r* +/", "rm -r x", false),
            ("a ** b", "a x y b", true), ("a ** b", "a b", true), ("a ** b", "a b c", false),
            ("find ** !-delete", "find . -delete", false),
            ("find ** !-delete", "find .", true), (">/etc/*", "a > /etc//x", true), (">/etc/*", "a < /etc/x", false),
            ("curl ** | sh", "curl x | sh", true), ("curl ** | sh", "sh | curl x", false),
            ("curl ** | sh", "curl x; sh", false),
            ("a ** | b ** | c **", "a | x | b | y | c", true), ("a ** | b ** | c **", "b | a | c", false),
            ("ls", "./ls", true),
            ("/bin/ls", "ls", false), ("/bin/ls", "/bin/ls", true), ("re:^l.$ **", "ls x", true),
            ("\\* x", "'*' x", true), ("\\* x", "a x", false),
        ]
    )
    func patterns(pattern: String, line: String, isMatch: Bool) throws {
        let document: JSONValue = ["rules": [["command": [.string(pattern)], "action": "deny"]]]
        let policy = try SafetyPolicy(documents: [("p", document)])
        #expect((policy.decide(DecisionCases.shell(line)).action == .deny) == isMatch)
    }

    @Test func orderRulesAreDenialsThatTheModelCanActOn() throws {
        let policy = try policy(
            #"""
            {"order": [{"tool": "plan", "rule": "first"}, {"tool": "answer", "rule": "last"},
                       {"tool": "deploy", "rule": "after", "other": "test_*"}, {"tool": "search", "rule": "at_most", "count": 2}],
             "rules": [{"action": "allow"}]}
            """#
        )
        #expect(policy.decide(call("plan")).action == .allow)
        #expect(policy.decide(call("plan", earlier: ["plan"])).action == .allow)
        #expect(
            policy.decide(call("plan", earlier: ["search"]))
                == SafetyDecision(
                    .deny,
                    rule: "policy p1, order 1",
                    reason: "plan has to be the first tool of a turn, and search was called before it.",
                    subject: "{}"
                )
        )
        #expect(policy.decide(call("answer", earlier: ["plan"])).action == .allow)
        #expect(policy.decide(call("plan", earlier: ["answer"])).rule == "policy p1, order 1")
        #expect(policy.decide(call("other", earlier: ["answer"])).rule == "policy p1, order 2")
        #expect(policy.decide(call("answer", earlier: ["answer"])).action == .deny)
        #expect(policy.decide(call("deploy", earlier: [], attempted: ["test_unit"])).rule == "policy p1, order 3")
        #expect(policy.decide(call("deploy", earlier: ["test_unit"])).action == .allow)
        #expect(policy.decide(call("search", earlier: ["search"])).action == .allow)
        #expect(
            policy.decide(call("search", earlier: ["search"], attempted: ["search", "x", "search"])).rule
                == "policy p1, order 4"
        )
    }

    @Test func everyMistakeIsToldWithItsPlace() throws {
        let error = #expect(throws: SafetyPolicyError.self) {
            try policy(
                #"""
                {"rules": [{"tool": 3, "action": "alow"}, {"acton": "deny"}, {"arguments": {"x": "("}, "action": "deny"},
                           {"command": ["ls ** | wc", "re:( x"], "action": "allow"}, {"path": ["["], "action": "deny"}],
                 "order": [{"tool": "a", "rule": "after"}, {"tool": "a", "rule": "at_most"}, {"tool": "a", "rule": "often"}]}
                """#
            )
        }
        let paths = error?.mistakes.map(\.problem.path) ?? []
        #expect(
            paths == [
                "rules[0].action", "rules[1].acton", "rules[1]", "rules[2].arguments.x", "rules[3].command[0]",
                "rules[3].command[1]",
                "rules[4].path", "order[0]", "order[1]", "order[2].rule",
            ]
        )
        #expect(error?.description.hasPrefix("policy \"p1\": rules[0]") == true)
    }

    @Test func subjectsAreBoundedAndTellCallsApart() throws {
        let policy = try SafetyPolicy(documents: [])
        func subject(_ implementation: String, _ arguments: JSONValue) -> String {
            policy.decide(call("t", arguments, implementation: implementation)).subject
        }
        #expect(subject("shell", ["command": "  ls  -l\n"]) == "ls  -l")
        #expect(subject("shell", ["command": "ls", "directory": "./src/"]) == "(in src) ls")
        #expect(subject("http_request", ["url": "https://A.example/x", "method": "POST"]) == "POST a.example")
        #expect(subject("http_request", ["url": "https://a.example/x"]) == "GET a.example")
        #expect(subject("file_write", ["path": "./a//b", "content": "x"]) == "a/b")
        #expect(subject("x", ["command": "ls", "b": [["d": 1, "c": 2]]]) == #"{"b":[{"c":2,"d":1}],"command":"ls"}"#)
        #expect(subject("shell", ["command": "a\u{202E}b\u{1B}"]) == "a\\u{202E}b\\u{1B}")
        #expect(subject("shell", ["command": "a\\u{202E}"]) == "a\\u{5C}u{202E}")
        let long = String(repeating: "é", count: 3_000)
        let subjects = Set([long, long + "x", "x" + long].map { subject("shell", ["command": .string($0)]) })
        #expect(subjects.count == 3)
        #expect(subjects.allSatisfy { $0.utf8.count <= 1_000 && $0.utf8.count > 990 })
    }

    @Test func digests() {
        #expect(
            SHA256.hexadecimal(of: Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(SHA256.hexadecimal(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            SHA256.hexadecimal(of: Array(repeating: UInt8(ascii: "a"), count: 1_000))
                == "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"
        )
    }
}
