import Glibc
import JSON
import TestSupport
import Testing

/// What people look for: versions, lists, who waits for what, how a worker does.
struct LookCommandTests {
    private static func agent(_ prompt: String) -> String {
        "kind: agent\nname: clerk\nmodel: offline\nsystem_prompt: |\n\(prompt)\ntools: [calculator]\n"
    }

    @Test func versionsOfEveryKindAreComparedPublishedAndRolledBack() async throws {
        try await withDatabase(template: .seeded) { url in
            let first = Self.agent("  Be kind.\n  Be short.")
            let second = Self.agent("  Be kind.\n  Be exact.") + "max_iterations: 9\n"
            #expect(try await agentctl("register", "-", url: url, input: first).status == 0)
            let rehearsed = try await agentctl("register", "-", "--dry-run", url: url, input: second)
            #expect(
                rehearsed.output == """
                    agent clerk v2 (new version)
                        max_iterations: 15 -> 9
                        --- clerk in force system_prompt
                        +++ clerk v2 system_prompt
                        @@ -1,2 +1,2 @@
                         Be kind.
                        -Be short.
                        +Be exact.

                    """,
                "\(rehearsed)"
            )
            let json = try await agentctl("register", "-", "--dry-run", "--json", url: url, input: second).json
            #expect(json[0]?["changes"] == [["field": "max_iterations", "from": 15, "to": 9]], "\(json)")
            #expect(try await agentctl("agents", "history", "clerk", "--json", url: url).json.arrayValue?.count == 1)

            #expect(try await agentctl("register", "-", url: url, input: second).status == 0)
            #expect(try await agentctl("send", "-c", "1", "-a", "clerk", "What is 1+1?", url: url).status == 0)
            let diff = try await agentctl("agents", "diff", "clerk", url: url).output
            #expect(diff.hasPrefix("max_iterations: 15 -> 9\n--- clerk v1 system_prompt\n"), "\(diff)")
            let back = try await agentctl("agents", "rollback", "clerk", url: url)
            #expect(back.output == "agent clerk v1 (in force)\n", "\(back.errors)")
            let history = try await agentctl("agents", "history", "clerk", "--json", url: url).json
            #expect(history.arrayValue?.map { $0["in_force"] } == [false, true])
            #expect(history.arrayValue?.map { $0["calls"] } == [1, 0])
            let published = try await agentctl("agents", "publish", "clerk", "2", "--json", url: url).json
            #expect(published == ["kind": "agent", "name": "clerk", "version": 2, "in_force": true])

            let none = try await agentctl("agents", "rollback", "clark", url: url)
            #expect(none.status == 4 && none.errors.contains("Did you mean clerk?"), "\(none.errors)")
            #expect(try await agentctl("agents", "publish", "clerk", "7", url: url).status == 4)
            let policy = "kind: policy\nname: extra\nrules: [{action: ask}]\n"
            #expect(try await agentctl("register", "-", url: url, input: policy).status == 0)
            #expect(try await agentctl("policies", "rm", "extra", url: url).output == "policy extra (out of force)\n")
            for group in ["models", "tools", "functions", "guardrails", "chains", "schedules", "hooks", "endpoints"] {
                #expect(try await agentctl(group, "history", "nope", url: url).status == 4, "\(group)")
            }
        }
    }

    @Test func conversationsAreFilteredAndReadPageByPage() async throws {
        try await withDatabase(template: .seeded) { url in
            for id in ["ticket:1", "ticket:2", "other"] {
                #expect(try await agentctl("send", "-c", id, "--no-wait", "hi", url: url).output == "\(id)/1\n")
            }
            func ids(_ arguments: String...) async throws -> [JSONValue?]? {
                try await AgentctlProcess(
                    ["conversations", "list", "--json"] + arguments,
                    environment: ["DATABASE_URL": url]
                ).result().json.arrayValue?.map { $0["conversation_id"] }
            }
            #expect(try await ids("--prefix", "ticket:") == ["ticket:2", "ticket:1"])
            #expect(try await ids("--limit", "1", "--after", "other") == ["ticket:2"])
            #expect(try await ids("--state", "ready", "--agent", "assistant", "--since", "1h")?.count == 3)
            #expect(try await ids("--state", "idle") == [])
            #expect(try await agentctl("conversations", "list", "--after", "nope", url: url).status == 4)
            let columns = try await agentctl("conversations", "list", "--columns", "state,conversation_id", url: url)
            #expect(columns.output.hasPrefix("state  conversation_id\nready  other\n"), "\(columns)")
            let unknown = try await agentctl("conversations", "list", "--columns", "stat", url: url)
            #expect(unknown.status == 2 && unknown.errors.contains("conversation_id"), "\(unknown)")
            // Refused before anything is done, where there is no list.
            let sent = try await agentctl("send", "-c", "unsent", "hello", "--columns", "state", url: url)
            let conversations = try await agentctl("conversations", "list", "--json", url: url).output
            #expect(sent.status == 2 && !conversations.contains("unsent"), "\(sent)")
        }
    }

    @Test func whoWaitsForAPersonOrTooLongEndsWith6() async throws {
        let gate = MockGate()
        try await withDatabase(template: .seeded) { url in
            try await withMockModel { _ in
                .text("late").held(at: gate)
            } perform: { model in
                #expect(try await agentctl("register", "-", url: url, input: documents(model: model)).status == 0)
                let worker = try AgentctlProcess(["work", "--json"], environment: ["DATABASE_URL": url])
                try await eventually("the worker to start") { worker.errorsSoFar.contains("working") }
                let workers = try await agentctl("workers", "--json", url: url).json
                #expect(workers[0]?["kind"] == "service" && workers[0]?["state"] == "active", "\(workers)")
                let late = try await agentctl("send", "-c", "t", "-a", "tester", "--timeout", "1s", "hi", url: url)
                #expect(late.status == 6 && late.errors.contains("stored as t/1"), "\(late)")
                await gate.openForever()
                try await eventually("a line of the log") {
                    worker.errorsSoFar.split(separator: "\n").contains {
                        let line = try? JSONValue(parsing: String($0))
                        return line?["turn"] == "t/1" && line?["status"] == "succeeded"
                            && line?["agent"] == "tester" && line?["output_tokens"]?.integerValue != nil
                    }
                }
                worker.send(SIGTERM)
                _ = try await worker.result()
            }
            let asking = """
                [{"kind": "policy", "name": "ask", "rules": [{"action": "ask"}]},
                 {"kind": "agent", "name": "asker", "model": "offline", "tools": ["calculator"], "policies": ["ask"]}]
                """
            #expect(try await agentctl("register", "-", url: url, input: asking).status == 0)
            let waits = try await agentctl("send", "-c", "w", "-a", "asker", "What is 1+1?", url: url)
            #expect(waits.status == 6 && waits.errors.contains("approvals approve"), "\(waits)")
        }
    }

    @Test func aFailedTurnIsSentAgain() async throws {
        try await withDatabase(template: .seeded) { url in
            let agents = """
                [{"kind": "model", "name": "dead", "provider": "openai", "base_url": "http://127.0.0.1:1/v1", "model": "x"},
                 {"kind": "agent", "name": "clerk", "model": "dead", "tools": ["calculator"]}]
                """
            #expect(try await agentctl("register", "-", url: url, input: agents).status == 0)
            #expect(try await agentctl("send", "-c", "r", "-a", "clerk", "What is 2 * 21?", url: url).status == 5)
            _ = try await psql(url, "UPDATE agentctl.agents SET model = 'offline' WHERE name = 'clerk'")
            let again = try await agentctl("conversations", "retry", "r", url: url)
            #expect(again.status == 0 && again.output == "It is 42.\n", "\(again)")
            #expect(try await agentctl("conversations", "retry", "r", url: url).status == 3)
            let shown = try await agentctl("conversations", "show", "r", url: url).output
            #expect(shown.contains("1 user (undone by 2): What is 2 * 21?"), "\(shown)")
            #expect(shown.contains("assistant: It is 42."))
        }
    }

    @Test func eventsAreChosenByTypeAndCounted() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("send", "-c", "e", "What is 1+1?", url: url).status == 0)
            let all = try await agentctl("events", "e", url: url).jsonLines
            let two = try await agentctl("events", "e", "--limit", "2", url: url).jsonLines
            #expect(two == Array(all.prefix(2)))
            let messages = try await agentctl("events", "e", "--type", "message", "--json", url: url).jsonLines
            #expect(messages.count > 1 && messages.count < all.count)
            #expect(messages.allSatisfy { $0["type"] == "message" }, "\(messages)")
            #expect(try await agentctl("events", "e", "--type", "massage", url: url).status == 2)
        }
    }

    @Test func metricsHaveARowForEachPeriod() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("send", "-c", "m", "What is 1+1?", url: url).status == 0)
            for subject in ["--agents", "--tools", "--models"] {
                let rows = try await agentctl("metrics", subject, "--by", "week", "--json", url: url).json
                #expect(rows.arrayValue?.count == 1 && rows[0]?["starts_at"]?.stringValue != nil, "\(rows)")
            }
            #expect(try await agentctl("metrics", "--by", "year", url: url).status == 2)
            let wide = try await agentctl("metrics", "--by", "hour", "--since", "2000-01-01", url: url)
            #expect(wide.status == 3 && wide.errors.contains("1000 periods"), "\(wide)")
        }
    }

    @Test func aLevelOfTheLogThatThereIsNotIsRefused() async throws {
        let result = try await agentctl("agents", "list", environment: ["AGENTCTL_LOG_LEVEL": "bogus"])
        #expect(result.status == 2 && result.errors.contains("trace, debug, info"), "\(result)")
    }

    @Test func whatIsNoTextAndNoOutputIsRefused() async throws {
        try await withDatabase(template: .seeded) { url in
            func shell(_ line: String) async throws -> AgentctlProcess.Result {
                let program = ["/bin/bash", "-c", line, AgentctlProcess.executable]
                return try await AgentctlProcess(program: program, [], environment: ["DATABASE_URL": url]).result()
            }
            let bytes = try await shell(#""$0" send -c b $'\xff'"#)
            #expect(bytes.status == 2 && bytes.errors.contains("UTF-8"), "\(bytes)")
            let closed = try await shell(#""$0" agents list >&-"#)
            #expect(closed.status == 1 && closed.errors.contains("could not be written"), "\(closed)")
        }
    }

    @Test func allConversationsAreWatchedAlsoShortTurns() async throws {
        try await withDatabase(template: .seeded) { url in
            let worker = try AgentctlProcess(["work"], environment: ["DATABASE_URL": url])
            try await eventually("the worker to start") { worker.errorsSoFar.contains("working") }
            let watch = try AgentctlProcess(["watch"], environment: ["DATABASE_URL": url])
            // The first look is not yet: turns are sent until one is seen.
            var sent = 0
            try await eventually("a turn is seen") {
                sent += 1
                _ = try await psql(url, "SELECT agentctl.submit('w\(sent)', 'What is 1+1?')")
                return watch.outputSoFar.contains("/1  assistant  succeeded")
            }
            watch.send(SIGINT)
            _ = try await watch.result()
            worker.send(SIGTERM)
            _ = try await worker.result()
        }
    }

    @Test func aTurnThatWasGivenBackIsWatchedOnce() async throws {
        try await withDatabase(template: .seeded) { url in
            func submit(_ id: String) async throws { _ = try await psql(url, "SELECT agentctl.submit('\(id)', 'hi')") }
            func begin(_ id: String) async throws {
                _ = try await psql(
                    url,
                    """
                    UPDATE agentctl.conversation_control SET state = 'waiting', ready_at = NULL, wake_at = 'infinity'
                    WHERE conversation_id = '\(id)'
                    """
                )
            }
            func giveBack(_ id: String) async throws {
                _ = try await psql(
                    url,
                    """
                    UPDATE agentctl.conversation_control SET state = 'ready', ready_at = now(), wake_at = NULL
                    WHERE conversation_id = '\(id)'
                    """
                )
            }
            for id in ["c", "d"] { try await submit(id) }
            try await begin("c")
            let watch = try AgentctlProcess(["watch"], environment: ["DATABASE_URL": url])
            func lines(_ id: String) -> [Substring] {
                watch.outputSoFar.split(separator: "\n").filter { $0.hasPrefix("\(id)/1") }
            }
            try await eventually("it is seen") { lines("c").count == 1 }
            try await giveBack("c")
            try await eventually("it was given back") { lines("c").count == 2 }
            try await begin("c")
            try await eventually("it goes on") { lines("c").count == 3 }
            // Each change of another turn takes a look more.
            try await begin("d")
            try await eventually("another one") { lines("d").count == 1 }
            try await giveBack("d")
            try await eventually("the other one was given back") { lines("d").count == 2 }
            #expect(lines("c").count == 3, "\(watch.outputSoFar)")
            watch.send(SIGINT)
            _ = try await watch.result()
        }
    }
}
