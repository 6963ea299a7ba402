import JSON
import TestSupport
import Testing

/// What commands that wait for a turn show of the tasks below it.
struct TreeSpeakerTests {
    private func withTour(_ body: (_ url: String, _ directory: String) async throws -> Void) async throws {
        let documents = """
            {kind: agent, name: Lead, model: lead, delegates: [tour-writer, Sums]}
            ---
            kind: model
            name: lead
            provider: rules
            rules:
              - when: '^go'
                call: {tool: delegate, arguments: {tasks: [{agent: Sums, task: What is 6*7?}, {agent: tour-writer, task: write it}]}}
                then: all done
            ---
            {kind: agent, name: Sums, model: offline, tools: [calculator]}
            ---
            {kind: agent, name: Runner, model: plan, tools: [update_plan], delegates: [tour-writer]}
            ---
            {kind: plan, name: writing, when: ['write it'], steps: [{agent: tour-writer, description: Write the page}]}
            """
        try await withDatabase(template: .seeded) { url in
            try await withFiles(["team.yaml": documents]) { directory in
                for file in ["\(URLPath.packageRoot)/seeds/chains.yaml", "team.yaml"] {
                    let registered = try await agentctl("register", file, url: url, in: directory)
                    #expect(registered.status == 0, "\(registered.errors)")
                }
                try await body(url, directory)
            }
        }
    }

    @Test func sendShowsWhatTasksCallAndSayWithWhoSpeaks() async throws {
        try await withTour { url, _ in
            let sent = try await agentctl("send", "--conversation", "c", "--agent", "Lead", "go", url: url)
            #expect(sent.status == 0 && sent.output == "all done\n", "\(sent.output)")
            let lines = sent.errors.split(separator: "\n").map(String.init)
            #expect(lines.contains("[tour-writer] write it (done)"), "\(sent.errors)")
            #expect(lines.contains { $0.hasPrefix("[Sums] ⚙ calculator") && $0.hasSuffix("→ 42") }, "\(sent.errors)")
            // What was shown once is not shown with the next message.
            let next = try await agentctl("send", "--conversation", "c", "--agent", "tour-writer", "hm", url: url)
            #expect(next.output == "hm (done)\n" && next.errors == "", "\(next.errors)")
        }
    }

    @Test func theBranchesOfAChainSpeakBeforeItsAnswerAndEachHasItsTurn() async throws {
        try await withTour { url, _ in
            let sent = try await agentctl(
                "send",
                "--conversation",
                "c",
                "--agent",
                "tour-views",
                "ferries",
                "--json",
                url: url
            )
            let lines = try sent.jsonLines
            let spoken = lines.filter { $0["type"] == "message" && $0["role"] == "assistant" && $0["turn"] != nil }
            #expect(Set(spoken.compactMap { $0["turn"]?.stringValue }) == ["c~1.1/1", "c~1.2/1", "c~1.3/1"])
            #expect(
                Set(spoken.compactMap { $0["agent"]?.stringValue })
                    == ["tour-researcher", "tour-analyst", "tour-writer"]
            )
            #expect(lines.last?["status"] == "succeeded" && lines.last?["turn"] == "c/1", "\(sent.output)")
        }
    }

    @Test func tasksAndPlansShowWhoSpeaks() async throws {
        try await withTour { url, directory in
            let task = try await agentctl("tasks", "run", "write it", "--agent", "tour-writer", "--wait", url: url)
            #expect(task.output == "write it (done)\n" && task.errors.contains("[tour-writer] write it (done)"))
            let plan = try await agentctl("execute", "write it", "--agent", "Runner", url: url, in: directory)
            #expect(plan.errors.contains("[tour-writer] Write the page (done)"), "\(plan.errors) \(plan.output)")
            let quiet = try await agentctl(
                "tasks",
                "run",
                "write it",
                "--agent",
                "tour-writer",
                "--wait",
                "--quiet",
                url: url
            )
            #expect(quiet.output == "write it (done)\n" && quiet.errors == "")
        }
    }

    /// The tree of a turn that waits names what it waits for, at every level.
    @Test func theTreeOfAWaitingTurnShowsItsNodesAndWhatItWaitsFor() async throws {
        let chain = """
            {kind: chain, name: inner, strategy: graph, nodes: [
              {name: sum, tool: calculator, arguments: {expression: 6*7}},
              {name: ask, kind: approval, message: 'Publish {{nodes.sum}}?'}], edges: [{from: sum, to: ask}]}
            ---
            {kind: chain, name: outer, strategy: sequential, stages: [{name: part, chain: inner}]}
            """
        try await withTour { url, _ in
            #expect(try await agentctl("register", "-", url: url, input: chain).status == 0)
            _ = try await agentctl("send", "--conversation", "c", "--agent", "outer", "go", url: url)
            let tree = try await agentctl("trace", "c/1", "--tree", url: url).output
            let lines = tree.split(separator: "\n").map { $0.trimmingPrefix { "│├└─ ".contains($0) } }
            #expect(lines[0].hasPrefix("turn c/1  waiting"), "\(tree)")
            #expect(lines[1].hasPrefix("part inner v1") && lines[1].contains("waiting"), "\(tree)")
            #expect(lines[2].hasPrefix("sum tool calculator"), "\(tree)")
            #expect(lines[3].hasPrefix("ask approval") && lines[3].contains("waiting"), "\(tree)")
            #expect(lines[4].hasPrefix("waits for approval") && lines[4].contains("Publish 42?"), "\(tree)")
        }
    }
}
