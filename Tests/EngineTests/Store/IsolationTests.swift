import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// What one client can do to the conversations of another: nothing, whoever comes first.
@Suite struct IsolationTests {
    private func withOrigin(_ body: (Bench) async throws -> Void) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client().send(.message("What is 6 * 7?"), to: "origin") { _ in }
            try await body(bench)
        }
    }

    /// What fills a conversation with messages of another one.
    static let fillers = [
        "SELECT agentctl.fork('origin', 'order')",
        "SELECT agentctl.import_conversation(agentctl.export_conversation('origin'), 'order')",
    ]

    @Test(arguments: fillers)
    func whatFillsAConversationIsRefusedWhereAnotherWasBegunMeanwhile(filler: String) async throws {
        try await withOrigin { bench in
            let state = try await bench.client.withConnection { first in
                try await first.executeScript("BEGIN")
                _ = try await first.query("SELECT agentctl.submit('order', 'What is 1 + 1?', idempotency_key => 'k')")
                async let filled: String? = bench.client.withConnection { second in
                    do throws(PostgresError) { _ = try await second.query(PostgresStatement(filler)) } catch {
                        return error.sqlState
                    }
                    return nil
                }
                try await bench.untilOneIsBlocked()
                try await first.executeScript("COMMIT")
                return try await filled
            }
            #expect(state == "AC003")
            let held =
                "SELECT concat_ws(' ', v.forked_from, c.head_seq, c.tail_seq, c.last_message) AS text "
                + "FROM agentctl.conversation AS v JOIN agentctl.conversation_control AS c ON c.conversation_id = v.id "
                + "WHERE v.id = 'order'"
            #expect(try await bench.text(PostgresStatement(held)) == "0 1 0")
            // The submission that was acknowledged is answered.
            _ = try await bench.process()
            #expect(try await bench.text("SELECT agentctl.reply('order', 1) AS text") == "It is 2.")
        }
    }

    @Test(arguments: fillers)
    func aMessageThatWaitedForAFilledConversationIsAnsweredInIt(filler: String) async throws {
        try await withOrigin { bench in
            let seq = try await bench.client.withConnection { first in
                try await first.executeScript("BEGIN")
                _ = try await first.query(PostgresStatement(filler))
                async let submitted = bench.conversations.submit(.message("What is 1 + 1?"), to: "order")
                try await bench.untilOneIsBlocked()
                try await first.executeScript("COMMIT")
                return try await submitted
            }
            #expect(seq == 2)
            _ = try await bench.process()
            #expect(try await bench.text("SELECT agentctl.reply('order', 2) AS text") == "It is 2.")
        }
    }

    @Test func aPlanRunsInNoConversationThatAnotherHasBegunMeanwhile() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(
                """
                [{"kind": "model", "name": "planner", "provider": "plan"},
                 {"kind": "tool", "name": "update_plan", "description": "Updates.", "implementation": "update_plan"},
                 {"kind": "agent", "name": "executor", "model": "planner", "tools": ["update_plan", "calculator"]}]
                """
            )
            let plan = try await bench.text(
                """
                SELECT agentctl.store_plan('sum', '[{"tool": "calculator", "arguments": {"expression": "1+1"},
                    "description": "add"}]')::text AS text
                """
            )
            let id = try #require(plan)
            _ = try await bench.client.query(PostgresStatement("SELECT agentctl.approve_plan(\(id))"))
            let place = try await bench.client.withConnection { first in
                try await first.executeScript("BEGIN")
                _ = try await first.query(
                    PostgresStatement("SELECT agentctl.submit('plan:\(id)', 'mine', 'assistant')")
                )
                async let run = bench.text(
                    PostgresStatement("SELECT conversation AS text FROM agentctl.run_plan(\(id), 'executor')")
                )
                try await bench.untilOneIsBlocked()
                try await first.executeScript("COMMIT")
                return try await run
            }
            #expect(place?.hasPrefix("plan:\(id):") == true)
        }
    }

    @Test func clientsHaveIdsOfTheirOwn() async throws {
        try await withOrigin { bench in
            try await bench.withUser(in: "agentctl_client") { ada in
                try await bench.withUser(in: "agentctl_client") { eve in
                    // Neither can take a name from the other, nor learn that it is taken.
                    for user in [ada, eve] {
                        #expect(try await user.state(of: "SELECT agentctl.submit('order:7', 'What is 1 + 1?')") == nil)
                    }
                    for id in ["order:7", "\(ada.name)/order:7"] {
                        while try await bench.process() != nil {}
                        #expect(try await ada.texts("SELECT agentctl.reply('\(id)', 1) AS text") == ["It is 2."])
                    }
                    let ids = try await bench.texts("SELECT id AS text FROM agentctl.conversation ORDER BY id")
                    #expect(ids == ["\(ada.name)/order:7", "\(eve.name)/order:7", "origin"].sorted())
                    for id in ["\(ada.name)/order:7", "origin", "nothing"] {
                        for call in [
                            "reply('\(id)', 1)", "events('\(id)')", "undo('\(id)')", "interrupt('\(id)')",
                            "fork('\(id)', 'mine')", "steer('\(id)', 'x')", "set('\(id)', '{\"timeout\": 1}')",
                            "export_conversation('\(id)')", "follow('\(id)', 1, 0, 0, 0)", "tree('\(id)', 1)",
                            "routing_of('\(id)', 1)", "resolve_tool_call('\(id)', 1, 1, 'happened')",
                        ] {
                            #expect(try await eve.state(of: "SELECT agentctl.\(call)") == "AC002", "\(call)")
                        }
                        #expect(try await eve.state(of: "SELECT agentctl.submit('\(id)', 'hello')") == nil, "\(id)")
                        while try await bench.process() != nil {}
                        #expect(
                            try await eve.state(of: "SELECT agentctl.fork('order:7', '\(id)/fork', 1)") == nil,
                            "\(id)"
                        )
                    }
                    let intruded =
                        "SELECT count(*)::text AS text FROM agentctl.submission WHERE conversation_id IN ('origin', '\(ada.name)/order:7')"
                    #expect(try await bench.text(PostgresStatement(intruded)) == "2")
                    #expect(
                        try await eve.texts("SELECT agentctl.conversation_id('x') AS text") == ["\(eve.name)/x"]
                    )
                }
            }
        }
    }

    @Test func aForkWithAnotherAgentHasThatAgentsLimits() async throws {
        try await withOrigin { bench in
            try await bench.register(
                #"{"kind": "agent", "name": "stingy", "model": "offline", "tools": ["calculator"], "max_iterations": 1}"#
            )
            try await bench.openToEveryone()
            try await bench.withUser(in: "agentctl_client") { ada in
                _ = try await ada.texts("SELECT agentctl.submit('a', 'hello')::text AS text")
                _ = try await ada.texts(
                    #"SELECT agentctl.set('a', '{"max_iterations": 9, "max_turn_tokens": 1000000}')::text AS text"#
                )
                _ = try await bench.client().settle(2, of: "\(ada.name)/a")
                _ = try await ada.texts("SELECT agentctl.fork('a', 'same')::text AS text")
                _ = try await ada.texts("SELECT agentctl.fork('a', 'other', agent => 'stingy')::text AS text")
                let settings = try await bench.texts(
                    "SELECT settings::text AS text FROM agentctl.conversation WHERE forked_from IS NOT NULL ORDER BY id"
                )
                #expect(settings == ["{}", #"{"max_iterations": 9, "max_turn_tokens": 1000000}"#])
            }
        }
    }

    /// Settings hold for each agent that answers in a chain of handoffs.
    @Test func aClientRaisesNoLimitOfAnAgentThroughAChain() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(
                """
                [{"kind": "agent", "name": "first", "model": "offline", "description": "a", "max_iterations": 9},
                 {"kind": "agent", "name": "stingy", "model": "offline", "description": "b", "max_iterations": 1},
                 {"kind": "chain", "name": "desk", "access": "everyone", "strategy": "handoff", "start": "first", "to": {"first": ["stingy"]}}]
                """
            )
            try await bench.withUser(in: "agentctl_client") { ada in
                #expect(try await ada.state(of: "SELECT agentctl.submit('a', 'hello', 'desk')") == nil)
                let change = #"SELECT agentctl.set('a', '{"max_iterations": 15}')"#
                #expect(try await ada.state(of: change) == nil)
                _ = try await bench.client().settle(2, of: "\(ada.name)/a")
                #expect(
                    try await bench.text("SELECT settings ->> 'max_iterations' AS text FROM agentctl.conversation")
                        == "1"
                )
            }
        }
    }
}
