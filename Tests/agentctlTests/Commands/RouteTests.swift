import JSON
import TestSupport
import Testing

/// `agentctl route`, and what other commands show of a decision.
struct RouteTests {
    /// A database with agents beside the default one.
    private func withAgents(_ body: (_ url: String) async throws -> Void) async throws {
        try await withDatabase(template: .seeded) { url in
            let agents = """
                [{"kind": "agent", "name": "Searcher", "model": "offline", "description": "Searches files",
                  "capabilities": ["search"], "examples": ["Find TODOs in the code"]},
                 {"kind": "agent", "name": "Weather", "model": "offline", "description": "Tells the weather",
                  "capabilities": ["forecast"], "examples": ["Will it rain tomorrow?"]}]
                """
            #expect(try await agentctl("register", "-", url: url, input: agents).status == 0)
            try await body(url)
        }
    }

    @Test func routeSaysWhichAgentAndWhy() async throws {
        try await withAgents { url in
            #expect(try await agentctl("route", "Find a TODO", url: url).output == "Searcher\n")
            let explained = try await agentctl("route", "Find a TODO", "--explain", url: url).output
            let lines = explained.split(separator: "\n").map(String.init)
            #expect(lines.first?.split(separator: " ") == ["score", "agent", "success", "open", "words"])
            #expect(lines.dropFirst().first == " 0.80  Searcher   0.50 (0)     0  find 0.48 · todo 0.33")
            #expect(lines.last == "→ Searcher: 0.80 reaches 0.25")
            let json = try await agentctl("route", "Find a TODO", "--json", url: url).json
            #expect(json["agent"] == "Searcher" && json["is_default"] == false && json["threshold"] == 0.25)
            #expect(json["candidates"]?[0]?["words"] == ["find": 0.475, "todo": 0.325])
            let other = try await agentctl("route", "gibberish", "--explain", url: url).output
            #expect(other.hasSuffix("→ assistant: no agent has any of the words\n"))
            // Nothing was sent.
            #expect(try await psql(url, "SELECT count(*) FROM agentctl.conversation") == "0")
        }
    }

    @Test func capabilitiesAreRequired() async throws {
        try await withAgents { url in
            let route = try await agentctl("route", "Find a TODO", "-C", "forecast", "--explain", url: url).output
            #expect(route.hasSuffix("→ Weather: the best with these capabilities\n"))
            let missing = try await agentctl("route", "Find a TODO", "--capability", "serch", url: url)
            #expect(missing.status == 4 && missing.errors.contains(#"no agent has the capability "serch""#))
            #expect(missing.errors.contains("Did you mean search?"))
            #expect(try await agentctl("route", url: url).status == 2)
            #expect(try await agentctl("route", "--input", "{", url: url).status == 2)
        }
    }

    @Test func whatIsSentIsRoutedAndTheTraceSaysWhy() async throws {
        try await withAgents { url in
            #expect(try await agentctl("send", "-c", "1", "Will it rain?", url: url).status == 0)
            let trace = try await agentctl("trace", "1", url: url).output
            let lines = trace.split(separator: "\n").map(String.init)
            #expect(lines.first?.hasPrefix("turn 1/1  succeeded  agent Weather v1") == true)
            #expect(lines.dropFirst().first == "routed to Weather: 0.80 reaches 0.25  Weather 0.80 (rain 0.80)")
            let json = try await agentctl("trace", "1", "--json", url: url).json
            #expect(json["routing"]?["agent"] == "Weather" && json["routing"]?["is_default"] == false)
            // A message that follows was not routed.
            #expect(try await agentctl("send", "-c", "1", "Find a TODO", url: url).status == 0)
            #expect(try await agentctl("trace", "1/2", "--json", url: url).json["routing"] == .null)
            let each = try await agentctl("conversations", "set", "1", "--routing", "each", url: url)
            #expect(each.status == 0, "\(each.errors)")
            #expect(try await agentctl("send", "-c", "1", "Find a TODO", url: url).status == 0)
            #expect(try await agentctl("trace", "1", "--json", url: url).json["agent"] == "Searcher")
            #expect(try await agentctl("conversations", "set", "1", "--routing", "never", url: url).status == 2)
        }
    }
}
