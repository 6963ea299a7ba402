import JSON
import TestSupport
import Testing

struct SteerTests {
    @Test func aMessageGoesIntoATurnThatAWorkerRunsAndWhoeverWatchesSeesTheAnswerAsItComes() async throws {
        try await withMockModel { request in
            request.lastText == "go" ? .hang(after: "once upon") : .text("re: \(request.lastText)")
        } perform: { model in
            try await withDatabase(template: .seeded) { url in
                try await withFiles(["a.yaml": documents(model: model)]) { directory in
                    #expect(try await agentctl("register", "a.yaml", url: url, in: directory).status == 0)
                    #expect(try await agentctl("steer", "c", "no", url: url).status == 4)
                    let worker = try AgentctlProcess(["work"], environment: ["DATABASE_URL": url])
                    try await psql(url, "SELECT agentctl.submit('c', 'go', agent => 'tester')")
                    _ = try await model.requests(count: 1)
                    let watcher = try AgentctlProcess(
                        ["events", "c", "--follow", "--live"],
                        environment: ["DATABASE_URL": url]
                    )
                    try await eventually("the first piece") { watcher.outputSoFar.contains("once upon") }
                    let steered = try await agentctl("steer", "c", "no", "--json", url: url)
                    #expect(try steered.status == 0 && steered.json == ["conversation_id": "c", "seq": 2])
                    #expect(try await agentctl("interrupt", "c", url: url).status == 0)
                    try await eventually("the second turn") { watcher.outputSoFar.contains("succeeded") }
                    watcher.send(2)
                    let lines = try await watcher.result().jsonLines
                    #expect(
                        lines.first { $0["type"] == "model_delta" } == [
                            "seq": 1, "type": "model_delta", "text": "once upon",
                        ]
                    )
                    let types = lines.filter { $0["number"] != nil }.map { $0["type"] }
                    #expect(
                        types == [
                            "turn_started", "interrupted", "turn_complete", "turn_started", "message", "turn_complete",
                        ]
                    )
                    #expect(try await psql(url, "SELECT agentctl.reply('c', 2)") == "re: no")
                    #expect(try await agentctl("steer", "c", "no", url: url).status == 3)
                    worker.send(15)
                    #expect(try await worker.result().status == 0)
                }
            }
        }
    }

    @Test func aConversationIsGivenAnotherModelAndLimitsAndItsOwnAgain() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("send", "-c", "c", "hello", url: url).status == 0)
            let set = try await agentctl(
                "conversations",
                "set",
                "c",
                "--limit",
                "max_iterations=3",
                "--limit",
                "timeout=20.5",
                "--json",
                url: url
            )
            #expect(try set.status == 0 && set.json["max_iterations"] == 3)
            #expect(
                try await psql(url, "SELECT settings FROM agentctl.conversation")
                    == #"{"timeout": 20.5, "max_iterations": 3}"#
            )
            let reset = try await agentctl(
                "conversations",
                "set",
                "c",
                "--reset",
                "timeout",
                "--reset",
                "max_iterations",
                url: url
            )
            #expect(reset.status == 0 && reset.errors.contains("timeout = the agent's own"))
            #expect(try await psql(url, "SELECT settings FROM agentctl.conversation") == "{}")
            #expect(try await agentctl("conversations", "set", "c", url: url).status == 2)
            for limit in ["timeout", "timeout=x"] {
                #expect(try await agentctl("conversations", "set", "c", "--limit", limit, url: url).status == 2)
            }
            let unknown = try await agentctl("conversations", "set", "c", "--limit", "color=1", url: url)
            #expect(unknown.status != 0 && unknown.errors.contains("max_iterations"))
            #expect(try await agentctl("conversations", "set", "c", "--model", "none", url: url).status == 4)
        }
    }
}
