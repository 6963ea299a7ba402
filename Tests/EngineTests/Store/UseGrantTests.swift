import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Who may use which agents, chains and functions.
@Suite struct UseGrantTests {
    private func withTwo(_ body: (Bench, _ ada: RoleUser, _ eve: RoleUser) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(Self.documents)
            try await bench.script("UPDATE agentctl.setting SET value = 'greeter' WHERE name = 'default_agent'")
            try await bench.withUser(in: "agentctl_client") { ada in
                try await bench.withUser(in: "agentctl_client") { eve in try await body(bench, ada, eve) }
            }
        }
    }

    private static let documents = """
        [{"kind": "agent", "name": "greeter", "model": "offline", "access": "everyone",
          "description": "Says good morning", "tools": ["calculator"]},
         {"kind": "agent", "name": "coder", "model": "offline", "description": "Writes compilers",
          "capabilities": ["code"], "tools": ["calculator"]},
         {"kind": "chain", "name": "line", "strategy": "sequential", "stages": [{"name": "one", "agent": "coder"}]},
         {"kind": "function", "name": "launch", "source": "def launch():\\n    return 1"}]
        """

    /// Every call of a client that names what answers it.
    private static func calls(_ agent: String, _ function: String) -> [String] {
        [
            "submit('new', 'hello', '\(agent)')", "submit('known', 'hello', '\(agent)')",
            "set('known', '{\"agent\": \"\(agent)\"}')", "fork('known', 'forked', agent => '\(agent)')",
            "submit_task('x', agent => '\(agent)')", "retry_task(1, '\(agent)')", "call_function('\(function)')",
            "submit_and_follow('other', 'hello', '\(agent)')", "run_plan(1, '\(agent)')",
        ]
    }

    /// What an error says, where it comes from, and what to do, with one name in place of another.
    private func error(of call: String, by user: RoleUser, _ name: String) async throws -> String {
        do throws(PostgresError) {
            _ = try await user.client.query(PostgresStatement("SELECT agentctl.\(call)"))
            return "none"
        } catch {
            let text = "\(error.sqlState ?? "") \(error.message) \(error.detail ?? "") \(error.hint ?? "")"
            return text.replacing(name, with: "NAME")
        }
    }

    @Test func whatIsNotGrantedIsAsIfItWereNotThere() async throws {
        try await withTwo { bench, ada, eve in
            for user in [ada, eve] {
                #expect(try await user.state(of: "SELECT agentctl.submit('known', 'What is 1 + 1?', 'greeter')") == nil)
                _ = try await user.texts("SELECT agentctl.submit_task('x', agent => 'greeter')::text AS text")
                let step = #"[{"tool": "calculator", "description": "d"}]"#
                _ = try await user.texts(
                    "SELECT agentctl.approve_plan(agentctl.store_plan('t', '\(step)'))::text AS text"
                )
            }
            while try await bench.process() != nil {}
            try await bench.script("SELECT agentctl.grant_use('agent', 'coder', '\(eve.name)')")
            for (hidden, missing) in zip(Self.calls("coder", "launch"), Self.calls("codes", "lunch")) {
                let first = try await error(of: hidden, by: ada, hidden.contains("launch") ? "launch" : "coder")
                let second = try await error(of: missing, by: ada, missing.contains("lunch") ? "lunch" : "codes")
                #expect(first == second && !first.contains("none"), "\(hidden)")
                #expect(first.hasPrefix("AC002") || hidden.contains("retry") || hidden.contains("plan"), "\(first)")
            }
            // A client who may use it does all that.
            for call in [
                "submit('new', 'hello', 'coder')", "set('known', '{\"agent\": \"coder\"}')",
                "fork('known', 'forked', agent => 'coder')", "submit_task('x', agent => 'coder')",
            ] {
                #expect(try await eve.state(of: "SELECT agentctl.\(call)") == nil, "\(call)")
            }
            let usable = "SELECT kind || ' ' || name AS text FROM agentctl.usable ORDER BY 1"
            #expect(try await ada.texts(usable) == ["agent assistant", "agent greeter"])
            #expect(try await eve.texts(usable) == ["agent assistant", "agent coder", "agent greeter"])
        }
    }

    @Test func messagesAreRoutedToWhatTheUserMayUse() async throws {
        try await withTwo { bench, ada, eve in
            try await bench.script("SELECT agentctl.grant_use('agent', 'coder', '\(eve.name)')")
            let message = "Write a compiler"
            for (user, agent) in [(ada, "greeter"), (eve, "coder")] {
                _ = try await user.texts("SELECT agentctl.submit('routed', '\(message)')::text AS text")
                let chosen =
                    "SELECT agent || (candidates::text LIKE '%coder%')::text AS text FROM agentctl.routing_of('routed', 1)"
                #expect(try await user.texts(chosen) == ["\(agent)\(agent == "coder")"])
            }
            // Of tasks the same; an attempt that a worker makes for the user as well.
            #expect(try await ada.state(of: "SELECT agentctl.submit_task('x', '{code}')") == "AC002")
            #expect(try await eve.state(of: "SELECT agentctl.submit_task('x', '{code}')") == nil)
            let mistyped = await #expect(throws: PostgresError.self) {
                try await ada.client.query("SELECT agentctl.submit('c', 'x', 'codr')")
            }
            #expect(mistyped?.hint?.contains("coder") == false)
            let greeted = await #expect(throws: PostgresError.self) {
                try await ada.client.query("SELECT agentctl.submit('c', 'x', 'greetr')")
            }
            #expect(greeted?.hint == "Did you mean greeter?")
        }
    }

    @Test func aChainVouchesForWhatIsInsideOfIt() async throws {
        try await withTwo { bench, ada, eve in
            try await bench.script("SELECT agentctl.grant_use('chain', 'line', '\(ada.name)')")
            #expect(try await ada.state(of: "SELECT agentctl.submit('c', 'What is 6 * 7?', 'line')") == nil)
            #expect(try await eve.state(of: "SELECT agentctl.submit('c', 'What is 6 * 7?', 'line')") == "AC002")
            while try await bench.process() != nil {}
            #expect(try await ada.texts("SELECT agentctl.reply('c', 1) AS text") == ["It is 42."])
            // The conversation of the inner agent is the user's to read, and no way to the agent.
            let inner = try #require(
                try await ada.texts(
                    "SELECT conversation_id AS text FROM agentctl.own_tasks WHERE agent = 'coder'"
                ).first
            )
            #expect(try await ada.texts("SELECT agentctl.reply('\(inner)', 1) AS text") == ["It is 42."])
            for call in ["submit('\(inner)', 'hello')", "steer('\(inner)', 'hello')", "fork('\(inner)', 'mine')"] {
                let state = try await ada.state(of: "SELECT agentctl.\(call)")
                #expect(["AC002", "AC004"].contains(state), "\(call): \(state ?? "")")
            }
        }
    }

    /// What was accepted is done, and so are its tasks, which follow later.
    @Test func aRunThatWasAcceptedEndsAlthoughItsChainIsTakenBack() async throws {
        try await withTwo { bench, ada, _ in
            try await bench.script("SELECT agentctl.grant_use('chain', 'line', '\(ada.name)')")
            #expect(try await ada.state(of: "SELECT agentctl.submit('c', 'What is 6 * 7?', 'line')") == nil)
            try await bench.script("SELECT agentctl.revoke_use('chain', 'line', '\(ada.name)')")
            while try await bench.process() != nil {}
            #expect(try await ada.texts("SELECT agentctl.reply('c', 1) AS text") == ["It is 42."])
            #expect(try await ada.state(of: "SELECT agentctl.submit('c', 'What is 6 * 7?')") == "AC004")
        }
    }

    @Test func whatIsTakenBackIsUsedNoMore() async throws {
        try await withTwo { bench, ada, _ in
            let group = Bench.newName("group")
            try await bench.script(
                "CREATE ROLE \(group); GRANT \(group) TO \(ada.name); SELECT agentctl.grant_use('agent', 'coder', '\(group)')"
            )
            #expect(try await ada.state(of: "SELECT agentctl.submit('c', 'hello', 'coder')") == nil)
            #expect(
                try await bench.text(
                    PostgresStatement("SELECT agentctl.revoke_use('agent', 'coder', '\(group)')::text AS text")
                ) == "true"
            )
            for call in ["submit('c', 'hello')", "steer('c', 'hello')"] {
                #expect(try await ada.state(of: "SELECT agentctl.\(call)") == "AC004", "\(call)")
            }
            #expect(try await ada.state(of: "SELECT agentctl.submit('c', 'hello', 'greeter')") == nil)
            // A role of the same name that was made again is another one.
            try await bench.script("SELECT agentctl.grant_use('agent', 'coder', '\(group)')")
            try await bench.script("DROP ROLE \(group); CREATE ROLE \(group); GRANT \(group) TO \(ada.name)")
            #expect(try await ada.state(of: "SELECT agentctl.submit('d', 'hello', 'coder')") == "AC002")
            // In another cluster the name decides.
            try await bench.script("UPDATE agentctl.use_grant SET cluster = '1'; SELECT agentctl.grant_roles()")
            #expect(try await ada.state(of: "SELECT agentctl.submit('d', 'hello', 'coder')") == nil)
            try await bench.script("DROP ROLE \(group)")
        }
    }

    @Test func aDocumentOpensAndCloses() async throws {
        try await withTwo { bench, ada, _ in
            let agent = #"{"kind": "agent", "name": "coder", "model": "offline", "description": "Writes""#
            let submit = "SELECT agentctl.submit('c', 'hello', 'coder')"
            #expect(try await ada.state(of: submit) == "AC002")
            try await bench.register(agent + #", "access": "everyone"}"#)
            #expect(try await ada.state(of: submit) == nil)
            // Without the field again.
            try await bench.register(agent + "}")
            #expect(try await ada.state(of: submit) == "AC002")
            // What was there before there were grants stays open until its document says otherwise.
            try await bench.openToEveryone()
            try await bench.register(agent + #", "max_iterations": 3}"#)
            #expect(try await ada.state(of: submit) == nil)
            try await bench.register(agent + #", "access": "granted"}"#)
            #expect(try await ada.state(of: submit) == "AC002")
        }
    }

    /// What was open under a name does not open what is registered under it later.
    @Test func aNameThatIsRegisteredAgainIsClosed() async throws {
        try await withTwo { bench, ada, _ in
            let chain =
                #"{"kind": "chain", "name": "desk", "access": "everyone", "strategy": "sequential", "#
                + #""stages": [{"name": "one", "agent": "coder"}]}"#
            try await bench.register(chain)
            #expect(try await ada.state(of: "SELECT agentctl.submit('c', 'hello', 'desk')") == nil)
            try await bench.script("SELECT agentctl.unregister('desk', 'chain')")
            try await bench.register(#"{"kind": "agent", "name": "desk", "model": "offline"}"#)
            #expect(try await ada.state(of: "SELECT agentctl.submit('c', 'hello')") == "AC004")
            #expect(try await ada.state(of: "SELECT agentctl.submit('d', 'hello', 'desk')") == "AC002")
            let function = #"{"kind": "function", "name": "open", "source": "def open():\n    return 1""#
            try await bench.register(function + #", "access": "everyone"}"#)
            try await bench.script("SELECT agentctl.unregister('open', 'function')")
            try await bench.register(function + "}")
            #expect(try await ada.state(of: "SELECT agentctl.call_function('open')") == "AC002")
        }
    }

    @Test func onlyOwnersGrant() async throws {
        try await withTwo { bench, ada, _ in
            let grant = "SELECT agentctl.grant_use('agent', 'coder', '\(ada.name)')"
            #expect(try await ada.state(of: grant) == "42501")
            for (role, state) in [("agentctl_worker", "42501"), ("agentctl_reader", "42501"), ("agentctl_owner", nil)] {
                try await bench.withUser(in: role) { user in
                    let ended = try await user.state(of: grant)
                    #expect(ended == state, "\(role)")
                }
            }
            for call in ["'model', 'm', 'x'", "'agent', 'nothing', '\(ada.name)'", "'agent', 'coder', 'nobody_at_all'"]
            {
                await #expect(throws: PostgresError.self) {
                    try await bench.client.query(PostgresStatement("SELECT agentctl.grant_use(\(call))"))
                }
            }
        }
    }

    @Test func whatAMemberHasOnlyAfterSetRoleDoesNotCount() async throws {
        try await withTwo { bench, ada, _ in
            _ = try await ada.texts("SELECT agentctl.submit('c', 'hello', 'greeter')::text AS text")
            let name = Bench.newName()
            try await bench.script(
                "CREATE ROLE \(name) LOGIN NOINHERIT IN ROLE agentctl_owner, agentctl_client; "
                    + "GRANT USAGE ON SCHEMA agentctl TO \(name); "
                    + "GRANT EXECUTE ON FUNCTION agentctl.reply(text, bigint), agentctl.may_see_all() TO \(name)"
            )
            try await bench.asUser(name) { user in
                #expect(try await user.texts("SELECT agentctl.may_see_all()::text AS text") == ["false"])
                #expect(try await user.state(of: "SELECT agentctl.reply('\(ada.name)/c', 1)") == "AC002")
                _ = try await user.state(of: "SET ROLE agentctl_owner")
                #expect(try await user.state(of: "SELECT agentctl.reply('\(ada.name)/c', 1)") == nil)
            }
            try await bench.script("DROP OWNED BY \(name); DROP ROLE \(name)")
        }
    }
}
