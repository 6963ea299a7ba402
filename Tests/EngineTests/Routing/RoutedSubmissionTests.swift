import Engine
import Postgres
import Store
import TestSupport
import Testing

@testable import Conversation

/// What becomes of messages that name no agent.
@Suite struct RoutedSubmissionTests {
    @Test func aNewConversationGetsTheBestAgentAndKeepsIt() async throws {
        try await withRoutes { bench in
            _ = try await bench.client.query("SELECT agentctl.submit('c', 'Find a TODO')")
            #expect(try await Self.agents(of: "c", bench) == ["FileSearcher"])
            let decision = try await bench.texts(
                """
                SELECT concat_ws(' ', r.seq, r.agent, r.is_default, r.score, r.threshold,
                    r.candidates #>> '{0,words}', r.epoch = e.epoch) AS text
                FROM agentctl.routings AS r, agentctl.definition_epoch AS e
                """
            )
            #expect(decision == [#"1 FileSearcher f 0.8 0.25 {"find": 0.400, "todo": 0.400} t"#])
            // A claim runs it.
            #expect(try await bench.claim("c").claim?.agent == "FileSearcher")
        }
    }

    @Test func aChainIsFoundLikeAnAgentAndARelationshipIsNot() async throws {
        try await withRoutes { bench in
            for (name, rest) in [
                ("harvest", #""strategy": "sequential", "stages": [{"agent": "FileSearcher"}]"#),
                ("orchard", #""strategy": "parallel", "from": "FileSearcher", "to": ["weather-bot"]"#),
            ] {
                try await bench.register(
                    #"{"kind": "chain", "name": "\#(name)", "examples": ["Pick ripe apples"], \#(rest)}"#
                )
            }
            _ = try await bench.client.query("SELECT agentctl.submit('c', 'Pick apples')")
            #expect(try await Self.agents(of: "c", bench) == ["harvest"])
            #expect(try await bench.routes("Pick apples") == ["harvest 0.8"])
            _ = try await bench.client.query("SELECT agentctl.unregister('harvest', 'chain')")
            #expect(try await bench.routes("Pick apples") == [])
        }
    }

    @Test func anAgentThatIsNamedIsNotLookedFor() async throws {
        try await withRoutes { bench in
            _ = try await bench.client.query("SELECT agentctl.submit('c', 'rain', agent => 'FileSearcher')")
            _ = try await bench.client.query("SELECT agentctl.submit('c', 'rain')")
            #expect(try await Self.agents(of: "c", bench) == ["FileSearcher", "FileSearcher"])
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.routing") == "0")
        }
    }

    @Test func whatNobodyAnswersForGoesToTheDefaultAgent() async throws {
        try await withRoutes { bench in
            _ = try await bench.client.query("SELECT agentctl.submit('c', 'gibberish')")
            // One known word in so many is too little.
            let weak = "weather of " + (1...40).map { "unheard\($0)" }.joined(separator: " ")
            _ = try await bench.client.query("SELECT agentctl.submit('d', $1)", [.text(weak)])
            let told = try await bench.texts(
                """
                SELECT concat_ws(' ', conversation_id, agent, is_default, candidates #>> '{0,agent}') AS text
                FROM agentctl.routings ORDER BY 1
                """
            )
            #expect(told == ["c assistant t", "d assistant t weather-bot"])
            _ = try await bench.client.query(
                "UPDATE agentctl.setting SET value = '0.05' WHERE name = 'route_threshold'"
            )
            _ = try await bench.client.query("SELECT agentctl.submit('e', $1)", [.text(weak)])
            #expect(try await Self.agents(of: "e", bench) == ["weather-bot"])
        }
    }

    @Test func withoutADefaultAgentTheErrorSaysWhatCameClosest() async throws {
        try await withRoutes { bench in
            _ = try await bench.client.query("UPDATE agentctl.setting SET value = '' WHERE name = 'default_agent'")
            let message = "no agent fits the message, and there is no default agent"
            let nothing = await bench.failure("SELECT agentctl.submit('c', 'gibberish')")
            #expect(nothing?.state == "AC002")
            #expect(
                nothing?.text.hasPrefix("\(message) | No agent has any of its words. | Name one of the agents") == true
            )
            _ = try await bench.client.query("UPDATE agentctl.setting SET value = '1' WHERE name = 'route_threshold'")
            let close = await bench.failure("SELECT agentctl.submit('c', 'rain')")
            let best = #"The best is "weather-bot", with a score of 0.8; route_threshold is 1."#
            #expect(close?.text.hasPrefix("\(message) | \(best) | ") == true)
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.conversation") == "0")
        }
    }

    @Test func aConversationCanHaveEachMessageRouted() async throws {
        try await withRoutes { bench in
            _ = try await bench.client.query("SELECT agentctl.submit('c', 'rain')")
            // It holds for what is submitted after it, and not only once a worker has carried it out.
            _ = try await bench.client.query(#"SELECT agentctl.set('c', '{"routing": "each"}')"#)
            for statement: PostgresStatement in [
                "SELECT agentctl.submit('c', 'Find a TODO')", "SELECT agentctl.submit('c', 'go on')",
                "SELECT agentctl.submit('c', 'rain', agent => 'assistant')",
                #"SELECT agentctl.set('c', '{"routing": "once"}')"#, "SELECT agentctl.submit('c', 'Find a TODO')",
                #"SELECT agentctl.set('c', '{"routing": "each", "max_iterations": 3}')"#,
            ] { _ = try await bench.client.query(statement) }
            // Below the threshold it is the conversation's own agent and not the default one.
            let expected = ["weather-bot", "FileSearcher", "weather-bot", "assistant", "weather-bot"]
            #expect(try await Self.agents(of: "c", bench) == expected)
            let defaults = try await bench.texts(
                "SELECT seq || ' ' || is_default AS text FROM agentctl.routings ORDER BY seq"
            )
            #expect(defaults == ["1 false", "3 false", "4 true"])
            // Workers carry the changes out in their order, and no earlier one comes back.
            let worker = try await bench.work.startWorker(WorkerDescription(kind: .service, slots: 1)).id
            while let claim = try await bench.work.claim(worker: worker, maximum: 1).first {
                if claim.operation == .message {
                    _ = try await bench.work.finish(
                        bench.record(for: claim, reply: "x"),
                        of: claim,
                        worker: worker,
                        claiming: 0
                    )
                } else {
                    #expect(try await bench.work.apply(claim))
                }
            }
            let settings = "SELECT settings::text AS text FROM agentctl.conversation"
            #expect(try await bench.text(PostgresStatement(settings)) == #"{"routing": "each", "max_iterations": 3}"#)
            // Whoever names an agent for the conversation wants that one.
            _ = try await bench.client.query(#"SELECT agentctl.set('c', '{"agent": "assistant"}')"#)
            _ = try await bench.client.query("SELECT agentctl.submit('c', 'Find a TODO')")
            #expect(try await bench.text("SELECT count(*)::text AS text FROM agentctl.routings") == "3")
            let wrong = await bench.failure(#"SELECT agentctl.set('c', '{"routing": "never"}')"#)
            #expect(wrong?.state == "AC001" && wrong?.text.contains(#"It takes "each""#) == true)
        }
    }

    @Test func ofTwoThatStartAConversationAtOnceOneIsRouted() async throws {
        try await withRoutes { bench in
            try await bench.client.withConnection { connection in
                try await connection.executeScript("BEGIN; SELECT agentctl.submit('c', 'rain')")
                async let second = bench.client.query("SELECT agentctl.submit('c', 'Find a TODO')")
                try await bench.untilOneIsBlocked()
                try await connection.executeScript("COMMIT")
                _ = try await second
            }
            #expect(try await Self.agents(of: "c", bench) == ["weather-bot", "weather-bot"])
            #expect(try await bench.texts("SELECT seq::text AS text FROM agentctl.routing") == ["1"])
        }
    }

    @Test func usersSeeTheirOwnDecisions() async throws {
        try await withRoutes { bench in
            _ = try await bench.client.query("SELECT agentctl.submit('theirs', 'rain')")
            let seen = try await bench.client.withConnection { connection in
                try await connection.executeScript("SET ROLE agentctl_client")
                _ = try await connection.query("SELECT agentctl.submit('own', 'rain')")
                var states: [String?] = []
                for statement: PostgresStatement in [
                    "SELECT agent FROM agentctl.routing_of('own', 1)",
                    "SELECT agent FROM agentctl.routing_of('theirs', 1)",
                    "SELECT * FROM agentctl.routings", "SELECT * FROM agentctl.routing",
                    "SELECT * FROM agentctl.route('rain')", "SELECT agentctl.rebuild_routes()",
                ] {
                    do throws(PostgresError) {
                        states.append("\(try await connection.query(statement).count)")
                    } catch {
                        states.append(error.sqlState)
                    }
                }
                try await connection.executeScript("RESET ROLE")
                return states
            }
            #expect(seen == ["1", "AC002", "42501", "42501", "42501", "42501"])
        }
    }

    /// The agent of each message of a conversation, in their order.
    private static func agents(of conversation: String, _ bench: Bench) async throws -> [String] {
        try await bench.texts(
            """
            SELECT coalesce(s.agent, v.agent) AS text
            FROM agentctl.submission AS s JOIN agentctl.conversation AS v ON v.id = s.conversation_id
            WHERE v.id = $1 AND s.operation = 'user_input' ORDER BY s.seq
            """,
            [.text(conversation)]
        )
    }
}
