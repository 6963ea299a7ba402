import Postgres
import TestSupport
import Testing

@testable import Engine

/// Which agents `agentctl.route()` finds, and in which order.
@Suite struct RouteTests {
    @Test func rareWordsDecideAndEachHasItsPart() async throws {
        try await withRoutes { bench in
            #expect(try await bench.routes("Find all TODO comments") == ["FileSearcher 0.711"])
            let parts = try await bench.text(
                "SELECT words::text AS text FROM agentctl.route('Find all TODO comments')"
            )
            // comment is a word that no agent has: it counts a quarter, and belongs to nobody.
            #expect(parts == #"{"find": 0.356, "todo": 0.356}"#)
            #expect(try await bench.routes("tomorrow: rain in the workspace?").first?.hasPrefix("weather-bot ") == true)
            for message in ["", "the of and", "…", "gibberish"] {
                #expect(try await bench.routes(message) == [], "\(message)")
            }
            // A name is read as its words.
            #expect(try await bench.routes("file searcher").first == "FileSearcher 1")
        }
    }

    @Test func theSameRowsGiveTheSameAnswer() async throws {
        try await withRoutes { bench in
            let message = "weather, rain, files, search, questions"
            let first = try await bench.routes(message)
            #expect(first.count == 3)
            for _ in 0..<20 { #expect(try await bench.routes(message) == first) }
            // Not so much as the order in which agents were registered.
            _ = try await bench.client.query("SELECT agentctl.rebuild_routes()")
            #expect(try await bench.routes(message) == first)
        }
    }

    @Test func aNumberInANameWinsNoMessage() async throws {
        try await withRoutes { bench in
            let numbered = ["team-2", "2", "v2.2_team", "team2"].map {
                #"{"kind": "agent", "name": "\#($0)", "model": "m"}"#
            }
            try await bench.register("[\(numbered.joined(separator: ","))]")
            #expect(try await bench.routes("What is 2 + 2?") == [])
            #expect(try await bench.routes("team").count == 2)
            // What an agent is for may well be a number.
            try await bench.register(#"{"kind": "agent", "name": "http", "model": "m", "examples": ["error 404"]}"#)
            #expect(try await bench.routes("404").map { String($0.prefix(4)) } == ["http"])
        }
    }

    @Test func capabilitiesAreAFilter() async throws {
        try await withRoutes { bench in
            #expect(try await bench.routes("rain", capabilities: ["search"]) == ["weather-bot 0.8", "FileSearcher 0"])
            #expect(try await bench.routes(nil, capabilities: ["search", "files"]) == ["FileSearcher 0"])
            #expect(try await bench.routes("rain", capabilities: ["search", "cooking"]) == [])
            let missing = await bench.failure("SELECT agentctl.choose_agent('rain', '{serch}')")
            #expect(missing?.state == "AC002")
            #expect(missing?.text == #"no agent has the capability "serch" | Did you mean search?"#)
            let both = await bench.failure("SELECT agentctl.choose_agent('rain', '{files,forecast}')")
            #expect(
                both?.text.hasPrefix("no agent that takes this has all of the capabilities files, forecast") == true
            )
            let others = try await bench.text(
                "SELECT (agentctl.choose_agent('rain', '{search}', excluding => '{weather-bot}')).agent AS text"
            )
            #expect(others == "FileSearcher")
            let none = await bench.failure(
                "SELECT agentctl.choose_agent('x', '{files}', excluding => '{FileSearcher}')"
            )
            #expect(none?.state == "AC002" && none?.text.hasPrefix("no further agent that takes this has") == true)
        }
    }

    @Test func anAgentGetsOnlyWhatItTakes() async throws {
        try await withRoutes { bench in
            // hidden is not routable; city-guide takes no text.
            #expect(try await bench.routes("rain weather place") == ["weather-bot 0.553"])
            let input = #"{"city": "Paris", "question": "weather"}"#
            let found = try await bench.routes(nil, input: input)
            #expect(found.map { String($0.prefix(10)) } == ["city-guide"])
            #expect(try await bench.routes(nil, input: #"{"town": "weather"}"#) == [])
            #expect(try await bench.routes(nil, input: #"["weather"]"#) == [])
        }
    }

    @Test func amongEqualsTheRecordDecidesThenTheLoadThenTheName() async throws {
        try await withRoutes { bench in
            let twins = ["a", "b", "c"].map {
                #"{"kind": "agent", "name": "twin-\#($0)", "model": "m", "examples": ["bake a cake"]}"#
            }
            try await bench.register("[\(twins.joined(separator: ","))]")
            func order() async throws -> [String] {
                try await bench.routes("cake").map { String($0.prefix(6)) }
            }
            #expect(try await order() == ["twin-a", "twin-b", "twin-c"])
            // One that fails comes last; one that was stopped by a user has not failed.
            try await bench.client.withConnection {
                try await $0.executeScript(
                    """
                    INSERT INTO agentctl.turn (conversation_id, seq, status, attempt, worker_id, agent, first_message, last_message, model_calls,
                        tool_calls, input_tokens, cached_input_tokens, output_tokens, cost_usd, submitted_at, started_at, duration_ms)
                    SELECT 't', n, s::agentctl.turn_status, 1, 1, a, 1, 1, 1, 0, 1, 0, 1, 0, now(), now(), 1
                    FROM (VALUES (1, 'failed', 'twin-a'), (2, 'succeeded', 'twin-b'), (3, 'succeeded', 'twin-c'),
                        (4, 'interrupted', 'twin-c')) AS v (n, s, a);
                    """
                )
            }
            #expect(try await order() == ["twin-a", "twin-b", "twin-c"])
            _ = try await bench.client.query("SELECT agentctl.refresh_routes()")
            #expect(try await order() == ["twin-b", "twin-c", "twin-a"])
            let rates = try await bench.texts(
                "SELECT agent || ' ' || success_rate || ' ' || turns AS text FROM agentctl.route('cake') ORDER BY place"
            )
            #expect(rates == ["twin-b 0.67 1", "twin-c 0.67 1", "twin-a 0.33 1"])
            // What was routed since the last count is load already.
            #expect(try await bench.conversations.submit(.message("cake"), to: "first") == 1)
            #expect(try await order() == ["twin-c", "twin-b", "twin-a"])
            // Counted again, it is an open submission.
            _ = try await bench.client.query("UPDATE agentctl.route_index SET refreshed_at = '-infinity'")
            _ = try await bench.client.query("SELECT agentctl.refresh_routes()")
            #expect(try await order() == ["twin-c", "twin-b", "twin-a"])
        }
    }

    @Test func ratesAreCountedOnceAMinuteByOneWorker() async throws {
        try await withRoutes { bench in
            let refresh: PostgresStatement = "SELECT agentctl.refresh_routes()::text AS text"
            _ = try await bench.client.query("UPDATE agentctl.route_agent SET turns = 7")
            #expect(try await bench.text(refresh) == "4")
            _ = try await bench.client.query("UPDATE agentctl.route_agent SET turns = 7")
            #expect(try await bench.text(refresh) == "0")
            _ = try await bench.client.query(
                "UPDATE agentctl.route_index SET refreshed_at = now() - interval '1 minute'"
            )
            // While another counts, it is in hand.
            try await bench.client.withTransaction { connection in
                _ = try await connection.query("SELECT FROM agentctl.route_index FOR NO KEY UPDATE")
                #expect(try await bench.text(refresh) == "0")
            }
            #expect(try await bench.text(refresh) == "4")
        }
    }
}
