import Glibc
import HTTP
import JSON
import TestSupport
import Testing

struct PlanCommandTests {
    /// A template whose steps book at a server that writes down what it is asked, and the agent that runs it.
    private static func bookings(port: Int) -> String {
        """
        kind: tool
        name: book
        description: Books.
        implementation: http_request
        effect: unsafe
        configuration: {allowed_hosts: ['127.0.0.1:\(port)'], allow_private: true}
        ---
        kind: plan
        name: book
        when: ['book (?<what>\\w+)']
        steps: [{tool: book, arguments: {url: 'http://127.0.0.1:\(port)/{{what}}'}, description: 'Book {{what}}'}]
        ---
        kind: agent
        name: executor
        model: plan
        tools: [update_plan, file_read, run_tests, search, book]
        max_iterations: 1000
        """
    }

    @Test func aPlanIsMadeShownEditedApprovedAndRunWithoutAModel() async throws {
        try await withDatabase(template: .seeded) { url in
            try await withFiles(["config.yaml": "port: 8080\n"]) { directory in
                let made = try await agentctl(
                    "plan-task",
                    "Read config and run tests",
                    "--context",
                    "command=pytest tests/",
                    url: url
                )
                #expect(made.status == 0, "\(made.errors)")
                #expect(
                    made.output == """
                        Task: Read config and run tests
                        Steps:
                          1. [pending] file_read - Read the configuration
                          2. [pending] run_tests - Run the tests: pytest tests/

                        """
                )
                #expect(made.errors == "plan 1; approve it: agentctl plans approve 1\n")
                let early = try await agentctl("plans", "run", "1", url: url)
                #expect(early.status == 3 && early.errors.contains("plan 1 is draft"))
                let steps = try await agentctl("plans", "show", "1", "--steps", url: url)
                let first = try #require(try steps.json[0])
                let edit = try await agentctl("plans", "edit", "1", "-", url: url, input: "[\(first.text)]")
                #expect(edit.status == 0 && edit.errors.contains("revision 2"), "\(edit.errors)")
                #expect(try await agentctl("plans", "approve", "1", "--revision", "1", url: url).status == 3)
                #expect(try await agentctl("plans", "approve", "1", "--revision", "2", url: url).status == 0)
                let run = try await agentctl("plans", "run", "1", "--workspace", directory, url: url)
                #expect(run.status == 0 && run.output.hasSuffix("port: 8080\n"), "\(run.errors)")
                #expect(
                    run.errors == """
                        1. [running] file_read - Read the configuration
                        1. [completed] file_read - Read the configuration

                        """
                )
                let list = try await agentctl("plans", "list", "--state", "completed", "--json", url: url)
                #expect(try list.json[0]?["turn"] == "plan:1/1")
            }
        }
    }

    @Test func executePlansAndRunsAndTheExitStatusSaysWhetherItIsCompleted() async throws {
        try await withDatabase(template: .seeded) { url in
            try await withFiles(["settings.yaml": "port: 8080\n"]) { directory in
                let found = try await agentctl("execute", "read config", "--workspace", directory, "--json", url: url)
                #expect(found.status == 0, "\(found.errors)")
                let report = try found.json
                #expect(report["state"] == "completed" && report["revision"] == 2 && report["completed"] == 2)
                #expect(report["plan_steps"]?.arrayValue?.map { $0["status"] } == ["failed", "completed", "completed"])
                let failed = try await agentctl(
                    "execute",
                    "read config from nothing",
                    "--max-replans",
                    "0",
                    "--workspace",
                    directory,
                    url: url
                )
                #expect(failed.status == 1 && failed.errors.contains("1. [failed] file_read"), "\(failed.errors)")
                let unknown = try await agentctl("execute", "read config and paint it", url: url)
                #expect(unknown.status == 4 && unknown.errors.contains("no plan template fits \"paint it\""))
                let asks = try await agentctl(
                    "execute",
                    "read config",
                    "--mode",
                    "interactive",
                    "--workspace",
                    directory,
                    url: url
                )
                #expect(asks.status == 6 && asks.errors.contains("needs approval"), "\(asks.errors)")
                for wrong in [["--max-steps", "0"], ["--context", "x"], ["--context", "x:={"], ["--mode", "quick"]] {
                    let refused = try await AgentctlProcess(
                        ["execute", "read config"] + wrong,
                        environment: ["DATABASE_URL": url]
                    ).result()
                    #expect(refused.status == 2, "\(wrong): \(refused.errors)")
                }
            }
        }
    }

    @Test func kill9InTheMiddleOfAPlanRepeatsNoStepThatHasEnded() async throws {
        let gate = MockGate()
        try await withMockServer { request in
            if request.path == "/second" { try await gate.pass() }
            return .text("booked \(request.path)")
        } perform: { ledger in
            try await withDatabase(template: .seeded) { url in
                let registered = try await agentctl(
                    "register",
                    "-",
                    url: url,
                    input: Self.bookings(port: ledger.port)
                )
                #expect(registered.status == 0, "\(registered.errors)")
                _ = try await psql(
                    url,
                    """
                    SELECT agentctl.register('{"kind": "policy", "name": "default", "rules": [{"action": "allow"}]}')
                    """
                )
                let made = try await agentctl(
                    "plan-task",
                    "book first then book second then book third",
                    "--approve",
                    url: url
                )
                #expect(made.status == 0, "\(made.errors)")
                let first = try AgentctlProcess(["plans", "run", "1"], environment: ["DATABASE_URL": url])
                _ = try await ledger.requests(count: 2)
                first.send(SIGKILL)
                #expect(try await first.result().status == -SIGKILL)
                _ = try await psql(
                    url,
                    "UPDATE agentctl.worker SET heartbeat_at = heartbeat_at - interval '1 hour'",
                    "UPDATE agentctl.conversation_control SET lease_until = lease_until - interval '1 hour'"
                )
                await gate.openForever()
                let doubt = try await agentctl("plans", "run", "1", url: url)
                #expect(doubt.status == 6 && doubt.errors.contains("conversations resolve plan:1/1"), "\(doubt.errors)")
                #expect(try await psql(url, "SELECT agentctl.plan_summary(1)").contains("1. [completed] book"))
                let resolved = try await agentctl(
                    "conversations",
                    "resolve",
                    "plan:1/1",
                    "--call",
                    "4",
                    "happened",
                    url: url
                )
                #expect(resolved.status == 0, "\(resolved.errors)")
                let second = try await agentctl("plans", "run", "1", url: url)
                #expect(second.status == 0, "\(second.errors)")
                let paths = await ledger.requests.map(\.path)
                #expect(paths == ["/first", "/second", "/third"])
                #expect(try await psql(url, "SELECT state FROM agentctl.plans") == "completed")
                for option in [
                    ["--step", "1=happened"], ["--mode", "parallel"], ["--agent", "x"], ["--max-steps", "3"],
                ] {
                    let late = try await agentctl("plans", "run", "1", option[0], option[1], url: url)
                    #expect(late.status == 2 && late.errors.contains(option[0]), "\(late.errors)")
                }
                let events = try await psql(
                    url,
                    "SELECT bool_and(number = place) FROM (SELECT number, row_number() OVER (ORDER BY number) AS place FROM agentctl.events) AS e"
                )
                #expect(events == "t")
            }
        }
    }

    @Test func aPlanningAgentIsAskedWhereNoTemplateFitsAndIsToldItsMistakes() async throws {
        try await withMockModel { request in
            let isFirst = request.messages.count { $0["role"] == "user" } == 1
            let tool = isFirst ? "file_raed" : "file_read"
            return .text(
                #"{"steps": [{"tool": "\#(tool)", "arguments": {"path": "config.yaml"}, "description": "Read it"}]}"#
            )
        } perform: { model in
            try await withDatabase(template: .seeded) { url in
                let registered = try await agentctl(
                    "register",
                    "-",
                    url: url,
                    input: documents(model: model, agent: "planner")
                )
                #expect(registered.status == 0, "\(registered.errors)")
                let made = try await agentctl(
                    "plan-task",
                    "Have a look at it",
                    "--planner",
                    "planner",
                    "--json",
                    url: url
                )
                #expect(made.status == 0, "\(made.errors)")
                #expect(try made.json["made_by"] == "planner")
                #expect(try made.json["summary"]?.stringValue?.hasSuffix("1. [pending] file_read - Read it") == true)
                let requests = await model.requests
                #expect(requests.count == 2 && requests[1].lastText.contains("did you mean file_read?"))
                #expect(requests[0].lastText.contains("\"run_tests\""))
            }
        }
    }
}
