import Glibc
import JSON
import TestSupport
import Testing

struct TreeCommandTests {
    /// A conversation whose turn has delegated at three levels: 15 turns.
    private func withTree(_ body: (_ url: String) async throws -> Void) async throws {
        try await withDatabase(template: .seeded) { url in
            try await withFiles(["a.yaml": TaskCommandTests.documents]) { directory in
                #expect(try await agentctl("register", "a.yaml", url: url, in: directory).status == 0)
                let sent = try await agentctl("send", "-c", "c/x", "--agent", "Top", "go", url: url)
                #expect(sent.status == 0, "\(sent.errors)")
                try await body(url)
            }
        }
    }

    @Test func aTraceShowsTheWholeTreeWithItsCriticalPath() async throws {
        try await withTree { url in
            let rows = try await agentctl("trace", "c/x", "--tree", "--json", url: url).json.arrayValue ?? []
            #expect(rows.count == 15 && rows.map { $0["place"] } == (1...15).map { .integer($0) })
            #expect(rows.first?["turn"] == "c/x/1" && rows.first?["depth"] == 0)
            #expect(rows.compactMap { $0["depth"]?.integerValue }.max() == 3)
            // From the root one turn of each level: the last that ended, or those that came one after the other.
            let critical = rows.filter { $0["is_critical"] == true }
            #expect(Set(critical.compactMap { $0["depth"]?.integerValue }) == [0, 1, 2, 3])
            #expect(critical.count < rows.count)
            let text = try await agentctl("trace", "c/x/1", "--tree", url: url).output
            let lines = text.split(separator: "\n")
            #expect(lines.count == 17 && lines[0].hasPrefix("turn c/x/1  succeeded  Top v1  "), "\(text)")
            #expect(lines[1].hasPrefix("critical path: model ") && lines[1].contains(" · engine "))
            #expect(lines[2].hasPrefix("├─ ") && lines.last == "● on the critical path")
            #expect(lines.filter { $0.contains("● ") && $0.contains("Leaf v1") }.count >= 1)
            #expect(lines[2].contains("1 Middle v1") && lines[2].contains("task 1"))
        }
    }

    @Test func tracesAndConversationsNameTasksAndParents() async throws {
        try await withTree { url in
            let trace = try await agentctl("trace", "c/x", url: url).output
            #expect(trace.contains("task 1  Middle  done  turn c/x~1.1/1"), "\(trace)")
            #expect(trace.contains("task 2  Middle  done  turn c/x~1.2/1"))
            let child = try await agentctl("trace", "c/x~1.1", url: url).output
            #expect(child.contains("\ntask 1 of turn c/x/1\n"), "\(child)")
            let json = try await agentctl("trace", "c/x~1.1", "--json", url: url).json
            #expect(json["parent"] == "c/x/1" && json["task"] == 1 && json["tasks"]?.arrayValue?.count == 2)
            let shown = try await agentctl("conversations", "show", "c/x~1.1", "--json", url: url).json
            #expect(shown["parent"] == "c/x/1" && shown["task"] == 1)
            #expect(shown["tasks"]?.arrayValue?.map { $0["state"] } == ["done", "done"])
            let text = try await agentctl("conversations", "show", "c/x~1.1", url: url).output
            #expect(text.contains("task 1 of turn c/x/1") && text.contains("c/x~1.1~1.2"), "\(text)")
        }
    }

    @Test func theEventsOfATreeAreThoseOfAllItsConversationsInOrder() async throws {
        try await withTree { url in
            // What follows in the conversation of a task is no part of the tree.
            #expect(try await agentctl("send", "-c", "c/x~1.1", "and now", url: url).status == 0)
            let lines = try await agentctl("events", "c/x", "--tree", url: url).jsonLines
            let byTurn = Dictionary(grouping: lines) { $0["turn"]?.stringValue ?? "" }
            #expect(byTurn.count == 15)
            for (turn, events) in byTurn {
                let numbers = events.compactMap { $0["number"]?.integerValue }
                #expect(numbers == (1...Int64(events.count)).map { $0 }, "\(turn)")
                #expect(events.last?["type"] == "turn_complete")
            }
            #expect(lines.last?["turn"] == "c/x/1")
            let times = lines.compactMap { $0["at"]?.stringValue }
            #expect(times.count == lines.count && times == times.sorted())
            #expect(try await agentctl("events", "c/x", "--tree", "--after", "3", url: url).status == 2)
            #expect(try await agentctl("events", "nope", "--tree", url: url).status == 4)
        }
    }

    @Test func aWatchedTurnIsShownUntilItHasEnded() async throws {
        try await withTree { url in
            let ended = try await agentctl("watch", "--root", "c/x/1", url: url)
            #expect(ended.status == 0 && ended.output.split(separator: "\n").count == 15, "\(ended.errors)")
            #expect(ended.output.hasPrefix("c/x/1  Top  succeeded  "))
            #expect(try await agentctl("watch", "--root", "c/x/7", url: url).status == 4)
            #expect(try await agentctl("watch", "--root", "c", url: url).status == 2)
            #expect(try await agentctl("watch", "--root", "c/1", "-c", "c", url: url).status == 2)

            // Of a tree in progress each change is a line, also its end.
            let watch = try AgentctlProcess(["watch", "--json"], environment: ["DATABASE_URL": url])
            _ = try await psql(url, "SELECT agentctl.submit('live', 'go', 'Top')")
            let worker = try AgentctlProcess(["work", "--slots", "1"], environment: ["DATABASE_URL": url])
            try await eventually("the watch shows the end") {
                watch.outputSoFar.split(separator: "\n").contains {
                    $0.contains(#""turn":"live/1""#) && $0.contains(#""status":"succeeded""#)
                }
            }
            watch.send(SIGINT)
            let seen = try await watch.result()
            #expect(seen.status == 130)
            worker.send(SIGTERM)
            _ = try await worker.result()
        }
    }
}
