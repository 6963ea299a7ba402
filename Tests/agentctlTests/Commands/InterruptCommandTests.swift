import JSON
import TestSupport
import Testing

struct InterruptCommandTests {
    @Test func aTurnThatRunsInAnotherProcessIsStoppedAndItsEventsTell() async throws {
        try await withMockModel { _ in
            .hang(after: "once upon")
        } perform: { model in
            try await withDatabase(template: .seeded) { url in
                try await withFiles(["a.yaml": documents(model: model)]) { directory in
                    #expect(try await agentctl("register", "a.yaml", url: url, in: directory).status == 0)
                    let idle = try await agentctl("interrupt", "c", url: url)
                    #expect(idle.status == 4)
                    let send = try AgentctlProcess(
                        ["send", "-c", "c", "-a", "tester", "hello"],
                        environment: ["DATABASE_URL": url]
                    )
                    _ = try await model.requests(count: 1)
                    let stop = try await agentctl("interrupt", "c", "--json", url: url)
                    #expect(try stop.status == 0 && stop.json == ["conversation_id": "c", "seq": 1])
                    #expect(try await send.result().status == 130)
                    let events = try await agentctl("events", "c", url: url).jsonLines
                    #expect(events.map { $0["type"] } == ["turn_started", "interrupted", "turn_complete"])
                    #expect(events.map { $0["number"] } == [1, 2, 3])
                    let rest = try await agentctl("events", "c", "--after", "2", url: url).jsonLines
                    #expect(rest.map { $0["status"] } == ["interrupted"])
                    #expect(try await agentctl("interrupt", "c", url: url).status == 3)
                    #expect(try await agentctl("events", "none", url: url).status == 4)
                    #expect(try await agentctl("events", "c", "--after", "-1", url: url).status == 2)
                }
            }
        }
    }

    @Test func aFollowerIsToldWhatComesUntilCtrlC() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("send", "-c", "c", "hello", url: url).status == 0)
            let follower = try AgentctlProcess(["events", "c", "--follow"], environment: ["DATABASE_URL": url])
            try await eventually("the first turn") { follower.outputSoFar.contains("turn_complete") }
            let before = follower.outputSoFar
            #expect(try await agentctl("send", "-c", "c", "hello again", url: url).status == 0)
            try await eventually("the second turn") {
                follower.outputSoFar.dropFirst(before.count).contains("turn_complete")
            }
            follower.send(2)
            let result = try await follower.result()
            #expect(result.status == 130)
            let numbers = try result.jsonLines.map { $0["number"]?.integerValue }
            #expect(numbers == (1...Int64(numbers.count)).map { $0 })
        }
    }
}
