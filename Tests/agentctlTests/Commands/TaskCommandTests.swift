import Glibc
import JSON
import TestSupport
import Testing

struct TaskCommandTests {
    static let documents = """
        kind: model
        name: rules
        provider: rules
        rules:
          - {when: '^go', call: {tool: delegate, arguments: {tasks: [{agent: Middle, task: middle 1}, {agent: Middle, task: middle 2}]}}, then: 'top {{result}}'}
          - {when: '^middle', call: {tool: delegate, arguments: {tasks: [{agent: Low, task: low 1}, {agent: Low, task: low 2}]}}, then: 'middle {{result}}'}
          - {when: '^low', call: {tool: delegate, arguments: {tasks: [{agent: Leaf, task: leaf 1}, {agent: Leaf, task: leaf 2}]}}, then: 'low {{result}}'}
          - {otherwise: leaf}
        ---
        {kind: agent, name: Leaf, model: rules, capabilities: [leaf]}
        ---
        {kind: agent, name: Never, model: rules, output_schema: {type: object}, output_retries: 0}
        ---
        {kind: agent, name: Low, model: rules, delegates: [Leaf], chain_strategy: parallel}
        ---
        {kind: agent, name: Middle, model: rules, delegates: [Low]}
        ---
        {kind: agent, name: Top, model: rules, delegates: [Middle], chain_strategy: parallel}
        """

    private func withAgents(_ body: (String) async throws -> Void) async throws {
        try await withDatabase(template: .seeded) { url in
            try await withFiles(["a.yaml": Self.documents]) { directory in
                let registered = try await agentctl("register", "a.yaml", url: url, in: directory)
                #expect(registered.status == 0, "\(registered.errors)")
                try await body(url)
            }
        }
    }

    @Test func aTaskIsHandedInDoneListedAndShown() async throws {
        try await withAgents { url in
            let run = try await agentctl("tasks", "run", "anything", "--capability", "leaf", "--wait", url: url)
            #expect(run.status == 0 && run.output == "leaf\n", "\(run.errors)")
            let tree = try await agentctl("tasks", "run", "go", "--agent", "Top", "--wait", "--json", url: url)
            #expect(try tree.status == 0 && tree.json["tokens"]?.integerValue ?? 0 > 0, "\(tree.errors)")
            let list = try await agentctl("tasks", "list", "--tree", "task:2", "--json", url: url)
            #expect(try list.json.arrayValue?.count == 14)
            let shown = try await agentctl("tasks", "show", "1", "--json", url: url)
            #expect(try shown.json["state"] == "done" && shown.json["agent"] == "Leaf")
            #expect(try await agentctl("tasks", "show", "99", url: url).status == 4)
            #expect(try await agentctl("tasks", "cancel", "1", url: url).status == 3)
            #expect(try await agentctl("tasks", "run", "x", "--capability", "flying", url: url).status == 4)
            #expect(try await agentctl("tasks", "run", "x", "--input", "{", url: url).status == 2)
            for deadline in ["nan", "inf", "1e30", "0", "-5"] {
                let refused = try await agentctl("tasks", "run", "x", "--deadline=\(deadline)", url: url)
                #expect(refused.status == 2 && refused.errors.contains("--deadline is between"), "\(deadline)")
            }
        }
    }

    @Test func aTaskThatIsGivenUpIsDeadAndIsTriedAgain() async throws {
        try await withAgents { url in
            let run = try await agentctl("tasks", "run", "x", "--agent", "Never", "--wait", url: url)
            #expect(run.status == 1 && run.errors.contains("task 1 is dead"), "\(run.errors)")
            let waiting = try await agentctl("tasks", "run", "y", "--agent", "Leaf", "--after", "1", url: url)
            #expect(waiting.status == 0 && waiting.output == "2\n", "\(waiting.errors)")
            let retry = try await agentctl("tasks", "retry", "1", "--agent", "Leaf", "--json", url: url)
            #expect(try retry.status == 0 && retry.json["attempt"] == 2, "\(retry.errors)")
            #expect(try await agentctl("tasks", "cancel", "1", "--json", url: url).json["ended"] == false)
            let dead = try await agentctl("tasks", "list", "--state", "dead", "--json", url: url)
            #expect(try dead.json.arrayValue?.count == 1)
        }
    }

    @Test func treesAreDoneOnceWhateverWorkersAreKilled() async throws {
        let (trees, perTree) = (6, 15)
        try await withAgents { url in
            _ = try await psql(
                url,
                "UPDATE agentctl.setting SET value = '1' WHERE name = 'worker_ttl'",
                "SELECT agentctl.submit('t' || n, 'go', 'Top') FROM generate_series(1, \(trees)) AS n"
            )
            let count = "SELECT count(*) FROM agentctl.turn"
            var ended = 0
            for step in 1...8 where ended < trees * perTree {
                let worker = try AgentctlProcess(["work", "--slots", "4"], environment: ["DATABASE_URL": url])
                let enough = min(ended + step * 2, trees * perTree)
                try await eventually("some turns end") { Int(try await psql(url, count)) ?? 0 >= enough }
                worker.send(SIGKILL)
                _ = try await worker.result()
                ended = Int(try await psql(url, count)) ?? 0
            }
            let worker = try AgentctlProcess(["work"], environment: ["DATABASE_URL": url])
            try await eventually("all is done") {
                try await psql(url, "SELECT count(*) FROM agentctl.turn WHERE depth = 0") == "\(trees)"
            }
            worker.send(SIGTERM)
            _ = try await worker.result()
            #expect(try await psql(url, count) == "\(trees * perTree)")
            let tasks =
                "SELECT count(*) || ' ' || count(*) FILTER (WHERE state = 'done' AND told AND attempt = 1) FROM agentctl.task"
            #expect(try await psql(url, tasks) == "\(trees * 14) \(trees * 14)")
            let replies = "SELECT count(DISTINCT agentctl.reply('t' || n, 1)) FROM generate_series(1, \(trees)) AS n"
            #expect(try await psql(url, replies) == "1")
            let gaps = """
                SELECT count(*) FROM agentctl.conversation_control AS c
                WHERE c.last_event <> (SELECT count(*) FROM agentctl.events AS e WHERE e.conversation_id = c.conversation_id)
                """
            #expect(try await psql(url, gaps) == "0")
        }
    }
}
