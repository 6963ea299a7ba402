import Glibc
import JSON
import TestSupport
import Testing

/// Messages that are cancelled, prompts that are shown, agents that are taken out of force.
struct CancelCommandTests {
    @Test func aMessageThatWaitsIsCancelledOnTheCommandLine() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("send", "-c", "a", "What is 1+1?", "--no-wait", url: url).status == 0)
            let cancelled = try await agentctl("conversations", "cancel", "a", "--message", "1", "--json", url: url)
            #expect(
                try cancelled.json == ["turn": "a/1", "status": "cancelled", "is_new": true],
                "\(cancelled.errors)"
            )
            let again = try await agentctl("conversations", "cancel", "a", "--message", "1", url: url)
            #expect(again.status == 0 && again.errors.contains("was cancelled already"))
            let trace = try await agentctl("trace", "a/1", url: url)
            #expect(trace.output.contains("turn a/1  cancelled") && trace.output.contains("it was cancelled by"))
            #expect(try await agentctl("send", "-c", "a", "What is 2+2?", url: url).output == "It is 4.\n")
            let late = try await agentctl("conversations", "cancel", "a", "--message", "2", url: url)
            #expect(late.status == 3 && late.errors.contains("submission a/2 has ended"), "\(late.errors)")
            #expect(try await agentctl("conversations", "cancel", "a", "--message", "9", url: url).status == 4)
            #expect(try await agentctl("conversations", "cancel", "a", url: url).status == 2)
            let ended = try await agentctl("watch", "--root", "a/1", url: url)
            #expect(ended.status == 0 && ended.output.contains("cancelled"))
        }
    }

    @Test func thePromptOfTheNextTurnIsShown() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("send", "-c", "a", "What is 1+1?", url: url).status == 0)
            let question = "What is 2+2?"
            let shown = try await agentctl("conversations", "prompt", "a", "--message", question, "--json", url: url)
            let messages = try shown.json["messages"]?.arrayValue ?? []
            #expect(messages.last?["content"] == .string(question), "\(shown.errors)")
            #expect(messages.contains { $0["number"] == 1 && $0["content"] == "What is 1+1?" })
            #expect(try shown.json["tools"]?.arrayValue?.contains { $0["name"] == "calculator" } == true)
            let text = try await agentctl("conversations", "prompt", "a", "--turn", "1", url: url)
            #expect(text.output.contains("turn a/1") && text.output.contains("tool calculator, about "))
            #expect(try await agentctl("conversations", "prompt", "none", url: url).status == 4)
            #expect(try await agentctl("conversations", "undo", "a", url: url).status == 0)
            #expect(try await agentctl("conversations", "prompt", "a", "--turn", "2", url: url).status == 3)
        }
    }

    @Test func anAgentIsTakenOutOfForceWhenItHasNothingToDo() async throws {
        try await withDatabase(template: .seeded) { url in
            let sent = try await agentctl("send", "-c", "a", "hi", "--agent", "workspace", "--no-wait", url: url)
            #expect(sent.status == 0)
            let busy = try await agentctl("agents", "rm", "workspace", url: url)
            #expect(busy.status == 3 && busy.errors.contains("has work to do: turn a/1"), "\(busy.errors)")
            #expect(try await agentctl("conversations", "cancel", "a", "--message", "1", url: url).status == 0)
            let tried = try await agentctl("agents", "rm", "workspace", "--dry-run", "--json", url: url)
            #expect(try tried.json["in_force"] == true)
            let removed = try await agentctl("agents", "rm", "workspace", url: url)
            #expect(removed.output == "agent workspace (out of force)\n", "\(removed.errors)")
            let listed = try await agentctl("agents", "list", "--json", url: url)
            #expect(try listed.json.arrayValue?.map { $0["name"] }.contains("workspace") == false)
            #expect(try listed.json.arrayValue?.allSatisfy { $0["access"] != nil } == true)
            #expect(try await agentctl("agents", "rm", "workspace", url: url).status == 4)
        }
    }

    @Test func theTurnsOfOneConversationAreWatched() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("watch", "--conversation", "none", url: url).status == 4)
            _ = try await psql(url, "SELECT agentctl.submit('other', 'hi')", "SELECT agentctl.submit('mine', 'hi')")
            let watch = try AgentctlProcess(["watch", "--conversation", "mine"], environment: ["DATABASE_URL": url])
            try await eventually("what waits is shown") { watch.outputSoFar.contains("mine/1  assistant  queued") }
            let worker = try AgentctlProcess(["work"], environment: ["DATABASE_URL": url])
            try await eventually("the end is shown") { watch.outputSoFar.contains("mine/1  assistant  succeeded") }
            watch.send(SIGINT)
            let seen = try await watch.result()
            #expect(seen.status == 130 && !seen.output.contains("other"), "\(seen.output)")
            worker.send(SIGTERM)
            _ = try await worker.result()
        }
    }
}
