import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Safety
@testable import Store

/// Who may decide about a call that waits.
@Suite struct ApproverTests {
    /// A desk whose refunds are asked about: of agentctl_approver, of a role of its own, or of whoever asked.
    private static func documents(_ role: String) -> String {
        """
        [{"kind": "model", "name": "m", "provider": "rules", "rules": [
            {"when": "^refund ([0-9]+)", "call": {"tool": "refund", "arguments": {"amount": "$1"}}, "then": "{{result}}"},
            {"otherwise": "Hello."}]},
         {"kind": "function", "name": "refund", "effect": "unsafe", "input_schema": {"type": "object",
          "properties": {"amount": {"type": "string"}}, "required": ["amount"]}, "source": "def refund(amount):\\n    return amount"},
         {"kind": "policy", "name": "approved", "rules": [{"tool": "refund", "action": "ask"}]},
         {"kind": "policy", "name": "supervised", "rules": [
            {"tool": "refund", "action": "ask", "approvers": ["\(role)"]}]},
         {"kind": "policy", "name": "confirmed", "rules": [
            {"tool": "refund", "action": "ask", "not_requester": false}]},
         {"kind": "agent", "name": "desk", "model": "m", "functions": ["refund"], "policies": ["approved"],
          "access": "everyone"},
         {"kind": "agent", "name": "strict", "model": "m", "functions": ["refund"], "policies": ["supervised"],
          "access": "everyone"},
         {"kind": "agent", "name": "lenient", "model": "m", "functions": ["refund"], "policies": ["confirmed"],
          "access": "everyone"}]
        """
    }

    /// Two clients, one of them an approver as well, an approver who is no client, and a member of the role.
    private func withPeople(
        _ body: (Bench, _ ada: RoleUser, _ eve: RoleUser, _ approver: RoleUser, _ supervisor: RoleUser) async throws ->
            Void
    ) async throws {
        try await withBench { bench in
            let role = Bench.newName("supervisor")
            try await bench.script("CREATE ROLE \(role)")
            try await bench.register(Self.documents(role))
            try await bench.withUser(in: "agentctl_client") { ada in
                try await bench.withUser(in: "agentctl_client, agentctl_approver") { eve in
                    try await bench.withUser(in: "agentctl_approver") { approver in
                        try await bench.withUser(in: "agentctl_client, \(role)") { supervisor in
                            try await body(bench, ada, eve, approver, supervisor)
                        }
                    }
                }
            }
            try await bench.script("DROP ROLE \(role)")
        }
    }

    /// A turn of a user that waits; returns the approval.
    private func asked(_ agent: String, in conversation: String, by user: RoleUser, _ bench: Bench) async throws -> Int
    {
        #expect(
            try await user.state(of: "SELECT agentctl.submit('\(conversation)', 'refund 450', '\(agent)')") == nil
        )
        while try await bench.process() != nil {}
        let seen = try await user.texts(
            "SELECT id::text AS text FROM agentctl.pending_approvals WHERE conversation_id LIKE '%/\(conversation)'"
        )
        return try #require(seen.first.flatMap { Int($0) })
    }

    @Test func anApproverDecidesAndNotWhoAsked() async throws {
        try await withPeople { bench, ada, eve, approver, supervisor in
            let id = try await asked("desk", in: "a", by: ada, bench)
            // The requester reads what is asked, and may not decide it; another client learns nothing of it.
            let own = "SELECT concat_ws(' ', tool, arguments, may_decide) AS text FROM agentctl.approvals"
            #expect(try await ada.texts(own) == [#"refund {"amount":"450"} f"#])
            #expect(try await supervisor.texts(own) == [])
            #expect(try await ada.state(of: "SELECT agentctl.approve(\(id))") == "AC004")
            #expect(try await supervisor.state(of: "SELECT agentctl.approve(\(id))") == "AC002")
            #expect(try await approver.texts(own) == [#"refund {"amount":"450"} t"#])
            #expect(try await approver.state(of: "SELECT agentctl.approve(\(id), scope => 'always')") == "AC004")
            #expect(try await approver.state(of: "SELECT agentctl.approve(\(id))") == nil)
            #expect(
                try await bench.text("SELECT decided_by AS text FROM agentctl.approvals") == approver.name
            )
            // An approver who asks is a requester, and an approver for others.
            let other = try await asked("desk", in: "b", by: eve, bench)
            #expect(try await eve.state(of: "SELECT agentctl.approve(\(other))") == "AC004")
            #expect(try await eve.state(of: "SELECT agentctl.deny(\(other))") == "AC004")
            #expect(try await approver.state(of: "SELECT agentctl.deny(\(other))") == nil)
            let third = try await asked("desk", in: "c", by: ada, bench)
            #expect(try await eve.state(of: "SELECT agentctl.approve(\(third))") == nil)
        }
    }

    /// Whoever takes on another role is still the one who logged in.
    @Test func noRoleMakesWhoAskedAnother() async throws {
        try await withPeople { bench, _, eve, approver, _ in
            let id = try await asked("desk", in: "a", by: eve, bench)
            let state = try await eve.state(
                of: "WITH r AS (SELECT set_config('role', 'agentctl_approver', false)) SELECT count(*) FROM r"
            )
            #expect(state == nil)
            // The role has no conversation of this name, and may decide of it no more than its user.
            #expect(try await eve.state(of: "SELECT agentctl.approve(\(id))") == "AC002")
            #expect(try await approver.state(of: "SELECT agentctl.approve(\(id))") == nil)
        }
    }

    @Test func aRuleNamesWhoDecides() async throws {
        try await withPeople { bench, ada, eve, approver, supervisor in
            let id = try await asked("strict", in: "a", by: ada, bench)
            for user in [ada, eve, approver] {
                let state = try await user.state(of: "SELECT agentctl.approve(\(id))")
                #expect(state == (user.name == ada.name ? "AC004" : "AC002"))
            }
            #expect(try await supervisor.state(of: "SELECT agentctl.approve(\(id))") == nil)
            // A member of the role who asks has to ask another one.
            let own = try await asked("strict", in: "b", by: supervisor, bench)
            #expect(try await supervisor.state(of: "SELECT agentctl.approve(\(own))") == "AC004")
            // An owner always may, and the record says who it was.
            #expect(try await bench.conversations.decide(Int64(own), approves: false))
            let by = try await bench.texts(
                "SELECT (data ->> 'by' = agentctl.account_name())::text AS text FROM agentctl.event WHERE type = 'approval_decided' ORDER BY at DESC LIMIT 1"
            )
            #expect(by == ["true"])
        }
    }

    @Test func whoMayConfirmItselfDoesSoForThatRuleOnly() async throws {
        try await withPeople { bench, ada, eve, _, supervisor in
            let id = try await asked("lenient", in: "a", by: ada, bench)
            #expect(try await supervisor.state(of: "SELECT agentctl.approve(\(id))") == "AC002")
            #expect(try await ada.state(of: "SELECT agentctl.approve(\(id), scope => 'conversation')") == nil)
            _ = try await bench.process()
            #expect(try await ada.state(of: "SELECT agentctl.submit('a', 'refund 450', 'lenient')") == nil)
            _ = try await bench.process()
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.approval") == "1")
            // What it has allowed itself is not allowed by those whom other rules ask.
            for agent in ["desk", "strict"] {
                #expect(try await ada.state(of: "SELECT agentctl.submit('a', 'refund 450', '\(agent)')") == nil)
                _ = try await bench.process()
                let open = try await ada.texts("SELECT id::text AS text FROM agentctl.pending_approvals")
                let waiting = try #require(open.first)
                #expect(try await ada.state(of: "SELECT agentctl.approve(\(waiting))") == "AC004", "\(agent)")
                #expect(try await bench.conversations.decide(Int64(waiting) ?? 0, approves: false))
                _ = try await bench.process()
            }
            _ = eve
        }
    }

    @Test func whoSteersATurnHasAskedForIt() async throws {
        try await withPeople { bench, ada, eve, _, _ in
            let id = try await asked("desk", in: "a", by: ada, bench)
            // An owner lends the approver's account a message in the turn: then it is no other person's turn any more.
            try await bench.script(
                """
                INSERT INTO agentctl.submission (conversation_id, seq, operation, body, created_by)
                VALUES ('\(ada.name)/a', 2, 'steer', '{"message": "more"}', '\(eve.name)')
                """
            )
            #expect(try await eve.state(of: "SELECT agentctl.submit('own', 'hello', 'desk')") == nil)
            #expect(try await eve.state(of: "SELECT agentctl.approve(\(id))") == "AC002")
        }
    }

    @Test(.needsSession) func aRoleThatWasMadeAgainIsAnotherPerson() async throws {
        try await withBench { bench in
            try await bench.register(Self.documents("pg_monitor"))
            let name = Bench.newName()
            try await bench.script("CREATE ROLE \(name) LOGIN IN ROLE agentctl_client")
            let id = try await bench.asUser(name) { try await asked("lenient", in: "a", by: $0, bench) }
            try await bench.script("DROP ROLE \(name); CREATE ROLE \(name) LOGIN IN ROLE agentctl_client")
            try await bench.asUser(name) { again in
                let state = try await again.state(of: "SELECT agentctl.approve(\(id))")
                let seen = try await again.texts("SELECT id::text AS text FROM agentctl.approvals")
                #expect(state == "AC002" && seen == [])
            }
            try await bench.script("DROP ROLE \(name)")
        }
    }

    @Test func theEventSaysWhatIsAskedAndOfWhom() async throws {
        try await withPeople { bench, ada, _, _, _ in
            let id = try await asked("strict", in: "a", by: ada, bench)
            let events = try await ada.texts(
                """
                SELECT concat_ws(' ', data ->> 'approval', data ->> 'tool', data ->> 'arguments',
                    jsonb_array_length(data -> 'approvers'), data ? 'expires_at') AS text
                FROM agentctl.events('a') WHERE type = 'approval_requested'
                """
            )
            #expect(events == [#"\#(id) refund {"amount":"450"} 1 t"#])
        }
    }

    @Test func aCallInDoubtIsResolvedByWhoMayDecideAboutIt() async throws {
        try await withPeople { bench, ada, eve, approver, supervisor in
            _ = try await asked("strict", in: "a", by: ada, bench)
            // As a worker that was killed between intent and result leaves it.
            try await bench.script(
                """
                UPDATE agentctl.tool_call SET state = 'in_doubt', rule = 'ask by policy supervised, rule 1';
                UPDATE agentctl.approval SET state = 'approved', decided_by = 'x';
                UPDATE agentctl.conversation_control SET state = 'parked', lease_until = NULL
                WHERE conversation_id = '\(ada.name)/a';
                """
            )
            let seen = "SELECT tool AS text FROM agentctl.calls_in_doubt"
            #expect(try await ada.texts(seen) == ["refund"])
            for other in [eve, approver] { #expect(try await other.texts(seen) == []) }
            let call = "SELECT agentctl.resolve_tool_call('\(ada.name)/a', 1, 1, 'happened', 'paid')"
            #expect(try await ada.state(of: call) == "AC004")
            #expect(try await eve.state(of: call) == "AC002")
            #expect(try await supervisor.texts(seen) == ["refund"])
            #expect(try await supervisor.state(of: call) == nil)
        }
    }

    /// The last decision counts, and it is about what was asked.
    @Test func aRefusalThatAnApprovalFollowedDoesNotComeBack() async throws {
        try await withPeople { bench, ada, _, _, _ in
            let id = try await asked("desk", in: "a", by: ada, bench)
            try await bench.script(
                """
                UPDATE agentctl.approval SET state = 'denied', scope = 'conversation', tool_version_id = 1,
                    decided_at = clock_timestamp() - interval '1 hour', decided_by = 'x';
                INSERT INTO agentctl.approval (conversation_id, seq, call_number, place, tool, arguments, agent, subject,
                    rule, approvers, not_requester, state, scope, tool_version_id, decided_at, decided_by)
                SELECT conversation_id, seq, 2, place, tool, arguments, agent, subject, rule, approvers, not_requester,
                    'approved', 'conversation', 2, clock_timestamp(), 'x' FROM agentctl.approval
                """
            )
            func standing(_ version: String) async throws -> String? {
                try await bench.text(
                    PostgresStatement(
                        """
                        SELECT coalesce(agentctl.standing_approval(conversation_id, agent, tool, subject, approvers,
                            not_requester\(version))::text, 'none') AS text
                        FROM agentctl.approval WHERE id = \(id)
                        """
                    )
                )
            }
            #expect(try await standing(", 2") == "approved")
            #expect(try await standing(", 3") == "none")
            // A worker of the release before does not say which version.
            #expect(try await standing("") == "none")
            try await bench.script("DELETE FROM agentctl.approval WHERE state = 'approved'")
            #expect(try await standing(", 3") == "denied")
            #expect(try await standing("") == "denied")
        }
    }

    @Test func aRequestFromBeforeAnUpgradeLearnsItsVersion() async throws {
        try await withPeople { bench, ada, _, _, _ in
            _ = try await asked("desk", in: "a", by: ada, bench)
            try await bench.script("UPDATE agentctl.approval SET tool_version_id = NULL")
            for version in [7, 8] {
                try await bench.script(
                    """
                    SELECT agentctl.request_approvals(a.conversation_id, a.seq, jsonb_build_object('approvals',
                        jsonb_build_array(to_jsonb(a) || '{"timeout": 60, "tool_version_id": \(version)}')))
                    FROM agentctl.approval AS a
                    """
                )
                let kept = try await bench.text(
                    "SELECT coalesce(tool_version_id::text, 'none') AS text FROM agentctl.approval"
                )
                #expect(kept == "7")
            }
        }
    }
}
