import JSON
import TestSupport
import Testing

struct ReportTests {
    /// A database in which something has run.
    private func withHistory(_ body: (_ url: String) async throws -> Void) async throws {
        try await withDatabase(template: .seeded) { url in
            for message in ["What is 15% of 2847?", "What time is it?"] {
                #expect(try await agentctl("send", "-c", "a/1", message, url: url).status == 0)
            }
            #expect(try await agentctl("send", "-c", "b", "hello", url: url).status == 0)
            try await body(url)
        }
    }

    @Test func conversationsAreListedAndShown() async throws {
        try await withHistory { url in
            let list = try await agentctl("conversations", "list", "--json", url: url)
            #expect(try list.json.arrayValue?.map { $0["conversation_id"] } == ["b", "a/1"])
            let shown = try await agentctl("conversations", "show", "a/1", "--json", url: url).json
            #expect(shown["finished"] == 2 && shown["messages"] == 8)
            #expect(shown["turns"]?.arrayValue?.map { $0["turn"] } == ["a/1/1", "a/1/2"])
            #expect(shown["transcript"]?.arrayValue?.count == 8)
            #expect(shown["transcript"]?[0]?["content"] == "What is 15% of 2847?")
            let text = try await agentctl("conversations", "show", "a/1", url: url).output
            #expect(text.contains("user: What is 15% of 2847?") && text.contains("assistant: It is 427.05."))
            #expect(text.contains("⚙ calculator → 427.05"))
            let latest = try await agentctl("conversations", "show", "a/1", "--limit", "1", "--json", url: url).json
            #expect(latest["turns"]?.arrayValue?.map { $0["seq"] } == [2])
            #expect(try await agentctl("conversations", "show", "nope", url: url).status == 4)
        }
    }

    @Test func aTraceIsATreeOfStepsAndCalls() async throws {
        try await withHistory { url in
            let first = try await agentctl("trace", "a/1/1", "--json", url: url).json
            #expect(first["turn"] == "a/1/1" && first["status"] == "succeeded" && first["agent"] == "assistant")
            #expect(first["steps"]?.arrayValue?.map { $0["kind"] } == ["model_call", "tool_round", "model_call"])
            #expect(first["steps"]?[1]?["calls"]?[0]?["result"] == "427.05")
            let rule = first["steps"]?[1]?["calls"]?[0]?["rule"]?.stringValue
            #expect(rule?.hasPrefix("allow by policy default, rule ") == true)
            let last = try await agentctl("trace", "a/1", url: url)
            let lines = last.output.split(separator: "\n")
            #expect(lines.first?.hasPrefix("turn a/1/2  succeeded  agent assistant v1") == true)
            #expect(lines.map { String($0.prefix(5)) } == ["turn ", "├─ 1 ", "├─ 2 ", "│  └─", "└─ 3 "])
            #expect(lines.dropFirst(3).first?.contains("allow by policy default, rule ") == true)
            // A turn that waits can be looked at as well.
            _ = try await psql(url, "SELECT agentctl.submit('c', 'later')")
            #expect(try await agentctl("trace", "c", "--json", url: url).json["status"] == "queued")
            for missing in ["nope", "a/1/7", "b/0", "b/x"] {
                #expect(try await agentctl("trace", missing, url: url).status == 4)
            }
        }
    }

    @Test func metricsAreThoseOfTheViews() async throws {
        try await withHistory { url in
            let failing = """
                [{"kind": "model", "name": "dead", "provider": "openai", "base_url": "http://127.0.0.1:1/v1", "model": "x"},
                 {"kind": "agent", "name": "dead", "model": "dead"}]
                """
            #expect(try await agentctl("register", "-", url: url, input: failing).status == 0)
            #expect(try await agentctl("send", "-c", "d", "--agent", "dead", "hi", url: url).status == 5)
            for (flag, view) in [
                ("--agents", "agent_metrics"), ("--tools", "tool_metrics"), ("--models", "model_metrics"),
                ("--errors", "error_patterns"),
            ] {
                let shown = try await agentctl("metrics", flag, "--json", url: url).json
                let sql = "SELECT json_agg(row_to_json(v)) FROM agentctl.\(view) AS v"
                let expected = try JSONValue(parsing: try await psql(url, sql))
                let rows = Set(try #require(shown.arrayValue))
                #expect(rows == Set(try #require(expected.arrayValue)) && !rows.isEmpty, "\(view)")
            }
            let one = try await agentctl("metrics", "--agent", "dead", "--since", "1h", "--json", url: url).json
            #expect(one.arrayValue?.map { $0["agent"] } == ["dead"])
            let tools = try await agentctl("metrics", "--tools", "--agent", "dead", "--json", url: url).json
            #expect(tools == [])
            // Until now it is all of it, and until before its time nothing.
            for (flag, function) in [
                ("--agents", "agent_metrics"), ("--tools", "tool_metrics"), ("--functions", "function_metrics"),
                ("--models", "model_metrics"), ("--errors", "error_patterns"),
            ] {
                let within = try await agentctl(
                    "metrics",
                    flag,
                    "--since",
                    "1h",
                    "--until",
                    "2999-01-01",
                    "--json",
                    url: url
                ).json
                let all = try await agentctl("metrics", flag, "--json", url: url).json
                #expect(within == all, "\(flag)")
                #expect(try await agentctl("metrics", flag, "--until", "1h", "--json", url: url).json == [])
                let sql = "SELECT count(*) FROM agentctl.\(function)('dead', now() - interval '1 hour')"
                let own = try await agentctl("metrics", flag, "--agent", "dead", "--json", url: url).json
                #expect(try await psql(url, sql) == "\(own.arrayValue?.count ?? -1)", "\(function)")
            }
            let future = try await agentctl("metrics", "--since", "2999-01-01", url: url)
            #expect(future.status == 0 && future.output.isEmpty)
        }
    }

    @Test func definitionsAreListedAndShown() async throws {
        try await withHistory { url in
            for (kind, name) in [
                ("agents", "assistant"), ("tools", "calculator"), ("models", "offline"), ("policies", "default"),
            ] {
                let rows = try await agentctl(kind, "list", "--json", url: url).json.arrayValue ?? []
                #expect(rows.contains { $0["name"]?.stringValue == name }, "\(kind)")
                let lines = try await agentctl(kind, "list", url: url).output.split(separator: "\n")
                #expect(lines.count == rows.count + 1)
            }
            let shown = try await agentctl("agents", "show", "assistant", "--json", url: url).json
            #expect(shown["document"]?["model"] == "offline" && shown["versions"]?.arrayValue?.count == 1)
            #expect(shown["document"]?.objectValue?.keys.prefix(3) == ["kind", "name", "description"])
            #expect(
                try await agentctl("policies", "show", "defualt", url: url).errors.contains("Did you mean default?")
            )
            #expect(try await agentctl("guardrails", "list", url: url).errors.contains("there are no guardrails yet"))
            let guardrail = #"{"kind": "guardrail", "name": "keys", "check": {"secrets": true}, "action": "redact"}"#
            #expect(try await agentctl("register", "-", url: url, input: guardrail).status == 0)
            #expect(try await agentctl("guardrails", "list", url: url).output.contains("keys"))
            #expect(try await agentctl("guardrails", "show", "keys", url: url).output.contains("action: redact"))
            let missing = try await agentctl("tools", "show", "calculater", url: url)
            #expect(missing.status == 4 && missing.errors.contains("Did you mean calculator?"))
            #expect(try await agentctl("agents", "show", "assistant", "--version", "9", url: url).status == 4)
        }
    }
}
