import JSON
import TestSupport
import Testing

@testable import agentctl

/// Reports and exit codes say what is the case: of turns that wait, of operations, and of what was undone.
struct TruthfulReportTests {
    /// An agent whose message `go` asks for a call that an operator has to approve.
    private static let asking = """
        [{"kind": "model", "name": "asking", "provider": "rules", "rules": [
            {"when": "^go$", "call": {"tool": "touch", "arguments": {"command": "touch x"}}, "then": "gone"},
            {"otherwise": "ok"}]},
         {"kind": "tool", "name": "touch", "description": "Runs a command.", "implementation": "shell"},
         {"kind": "policy", "name": "ask", "rules": [{"action": "ask"}]},
         {"kind": "agent", "name": "asker", "model": "asking", "tools": ["touch"], "policies": ["ask"]}]
        """

    private func withWaitingTurn(_ body: (_ url: String) async throws -> Void) async throws {
        try await withDatabase(template: .seeded) { url in
            let registered = try await agentctl("register", "-", url: url, input: Self.asking)
            try #require(registered.status == 0, "\(registered.errors)")
            #expect(try await agentctl("send", "-c", "w", "--agent", "asker", "go", url: url).status == 6)
            try await body(url)
        }
    }

    private func trace(_ turn: String, _ url: String) async throws -> (text: String, json: JSONValue) {
        let text = try await agentctl("trace", turn, url: url).output
        return (text, try await agentctl("trace", turn, "--json", url: url).json)
    }

    @Test func aRefusedOperationEndsWithThreeAndSaysWhyInBothForms() async throws {
        try await withDatabase(template: .seeded) { url in
            #expect(try await agentctl("send", "-c", "c", "hello", url: url).status == 0)
            #expect(try await agentctl("conversations", "undo", "c", url: url).status == 0)
            let refused: [(arguments: [String], type: JSONValue, code: String)] = [
                (["undo", "c"], "undone", "undo_refused"), (["compact", "c"], "error", "compaction_refused"),
                (["compact", "c", "--undo"], "error", "compaction_refused"),
            ]
            for (number, (arguments, type, code)) in refused.enumerated() {
                let text = try await AgentctlProcess(
                    ["conversations"] + arguments,
                    environment: ["DATABASE_URL": url]
                ).result()
                #expect(text.status == 3 && text.errors.hasPrefix("error: not "), "\(arguments): \(text.errors)")
                let json = try await AgentctlProcess(
                    ["conversations"] + arguments + ["--json"],
                    environment: ["DATABASE_URL": url]
                ).result()
                #expect(try json.status == 3 && json.json["type"] == type, "\(arguments)")
                #expect(try JSONValue(parsing: json.errors)["error"]?["code"] == .string(code), "\(arguments)")
                let told = try await trace("c/\(3 + 2 * number)", url)
                #expect(told.json["status"] == "refused" && told.json["operation"] == .string(arguments[0]))
                #expect(told.text.hasPrefix("\(arguments[0]) c/\(3 + 2 * number)  refused"), "\(told.text)")
            }
            // What is done says so, too.
            let limit = "max_iterations=3"
            #expect(try await agentctl("conversations", "set", "c", "--limit", limit, url: url).status == 0)
            let set = try await trace("c", url)
            #expect(set.text == "set c/9  done\nmax_iterations = 3\n", "\(set.text)")
            #expect(set.json["status"] == "done" && set.json["result"]?["max_iterations"] == 3)
            #expect(try await agentctl("conversations", "close", "c", url: url).status == 0)
            #expect(try await trace("c", url).text == "shutdown c/10  done\nnothing more is accepted\n")
            #expect(try await agentctl("conversations", "close", "c", url: url).status == 3)
        }
    }

    @Test func aTurnThatWaitsForAnApprovalSaysForWhichWithItsCall() async throws {
        try await withWaitingTurn { url in
            let waiting = try await trace("w", url)
            #expect(waiting.json["status"] == "waiting" && waiting.json["agent"] == "asker")
            #expect(waiting.json["waits_for"]?["approvals"]?[0]?["approval"] == 1)
            #expect(waiting.json["open_calls"]?[0]?["tool"] == "touch")
            #expect(waiting.text.hasPrefix("turn w/1  waiting  agent asker v1"))
            #expect(waiting.text.contains(#"waits for approval 1  ⚙ touch {"command":"touch x"}  policy ask, rule 1"#))
            #expect(waiting.text.contains(#"└─ touch  {"command":"touch x"}  planned"#), "\(waiting.text)")
            let named = try await AgentctlProcess(["trace", "w", "--database-url", url], environment: [:]).result()
            let address = try #require(PsqlAddress.withoutPassword(url))
            let given = GivenOptions(databaseURL: address)
            let hint = "decide: agentctl approvals approve 1; or: agentctl approvals deny 1"
            #expect(waiting.text.contains(hint) && named.output.contains(given.completing(hint)), "\(named.output)")
            let shown = try await agentctl("conversations", "show", "w", url: url).output
            #expect(shown.contains(#"waits for approval 1  ⚙ touch {"command":"touch x"}"#), "\(shown)")
            let json = try await agentctl("conversations", "show", "w", "--json", url: url).json
            #expect(json["waits_for"]?["turn"] == "w/1" && json["waits_for"]?["approvals"]?[0]?["tool"] == "touch")
            // What was submitted after it is behind it.
            #expect(try await agentctl("conversations", "undo", "w", url: url).status == 3)
            let behind = try await trace("w/2", url)
            #expect(behind.json["status"] == "queued" && behind.json["behind"] == "w/1")
            #expect(behind.text == "undo w/2  queued\nwaits behind w/1\n", "\(behind.text)")
        }
    }

    @Test func aConversationThatIsParkedSaysWhichCallIsInDoubt() async throws {
        try await withWaitingTurn { url in
            // As a crash leaves it.
            try await psql(url, "UPDATE agentctl.approval SET state = 'expired'")
            try await psql(url, "UPDATE agentctl.tool_call SET state = 'in_doubt'")
            try await psql(url, "UPDATE agentctl.conversation_control SET state = 'parked', wake_at = NULL")
            let parked = try await trace("w/1", url)
            #expect(parked.json["status"] == "parked" && parked.json["waits_for"]?["in_doubt"]?[0]?["call"] == 1)
            let line = #"parked: call 1 in doubt  ⚙ touch {"command":"touch x"}"#
            #expect(parked.text.contains(line), "\(parked.text)")
            #expect(parked.text.contains("agentctl conversations resolve w/1 --call 1 happened"))
            #expect(try await agentctl("conversations", "show", "w", url: url).output.contains(line))
        }
    }

    @Test func aMessageThatAnotherTurnTookUpSaysWhich() async throws {
        try await withWaitingTurn { url in
            #expect(try await agentctl("steer", "w", "and quickly", url: url).status == 0)
            #expect(try await agentctl("approvals", "deny", "1", url: url).status == 0)
            // The turn ends here before the operation is done.
            #expect(try await agentctl("conversations", "set", "w", "--limit", "timeout=20", url: url).status == 0)
            let steered = try await trace("w/2", url)
            #expect(steered.json["status"] == "taken_up" && steered.json["taken_by"] == "w/1")
            #expect(steered.text == "turn w/2  taken_up\ntaken up by turn w/1\n", "\(steered.text)")
        }
    }

    @Test func undoneMessagesAreMarkedAndASummaryInForceIsShown() async throws {
        try await withDatabase(template: .seeded) { url in
            let long = String(repeating: "Tell me a long story. ", count: 40)
            for message in ["1 " + long, "2 " + long, "3 " + long, "4"] {
                #expect(try await agentctl("send", "-c", "c", message, url: url).status == 0)
            }
            #expect(try await agentctl("conversations", "compact", "c", url: url).status == 0)
            #expect(try await agentctl("conversations", "undo", "c", url: url).status == 0)
            let json = try await agentctl("conversations", "show", "c", "--json", url: url).json
            let marks = json["transcript"]?.arrayValue?.map { $0["undone_by"] ?? .null }
            #expect(marks == [.null, .null, .null, .null, .null, .null, 6, 6])
            #expect(json["turns"]?.arrayValue?.map { $0["undone_by"] ?? .null } == [.null, .null, .null, 6])
            #expect(json["summary"]?["last_message"] == 4 && json["summary"]?["made_by"] == "extraction")
            let text = try await agentctl("conversations", "show", "c", url: url).output
            #expect(text.contains("user (undone by 6): 4\n") && text.contains("user: 3 Tell"), "\(text)")
            #expect(text.contains("in place of messages 1 to 4:\n- User: 1 Tell me a long story."), "\(text)")
            let column = "SELECT string_agg(coalesce(undone_by::text, '-'), ' ' ORDER BY number)"
            #expect(try await psql(url, column + " FROM agentctl.conversation_history") == "- - - - - - 6 6")
            let undone = try await trace("c/4", url)
            #expect(undone.json["undone_by"] == "c/6" && undone.text.contains("undone by c/6"))
            // Reads are no effects that stay.
            #expect(try await trace("c/6", url).text == "undo c/6  done\nturn 4 undone, 2 messages\n")
            #expect(try await agentctl("conversations", "compact", "c", "--undo", url: url).status == 0)
            #expect(try await trace("c/5", url).json["undone_by"] == "c/7")
        }
    }

    @Test func readsAreNoEffectsThatStay() async throws {
        try await withDatabase(template: .seeded) { url in
            try await withFiles(["a.txt": "one"]) { directory in
                let sent = try await agentctl(
                    "send",
                    "-c",
                    "c",
                    "--workspace",
                    directory,
                    "List the files in .",
                    url: url
                )
                #expect(sent.status == 0 && sent.errors.contains("list_directory"), "\(sent.errors)")
                let undone = try await agentctl("conversations", "undo", "c", "--json", url: url)
                #expect(try undone.status == 0 && undone.json["effects"] == [])
            }
        }
    }

    /// Half an answer whose end says that the server failed is a failed turn, and the server's word is shown.
    @Test func anAnswerThatBrokeOffIsAFailedTurn() async throws {
        var half = MockModelReply.text("The transfer of 500 Euro is")
        half.finishReason = "insufficient_system_resource"
        let reply = half
        try await withMockModel { _ in
            reply
        } perform: { model in
            try await withDatabase(template: .seeded) { url in
                try await withFiles(["a.yaml": documents(model: model)]) { directory in
                    #expect(try await agentctl("register", "a.yaml", url: url, in: directory).status == 0)
                    let sent = try await agentctl("send", "-c", "c", "--agent", "tester", "pay", url: url)
                    #expect(sent.status == 1 && sent.errors.contains("insufficient_system_resource"), "\(sent.errors)")
                    let told = try await trace("c", url)
                    #expect(told.json["status"] == "failed" && told.json["error_code"] == "model_server")
                    #expect(told.json["steps"]?[0]?["finish_reason"] == "insufficient_system_resource")
                    let reply = try await psql(url, "SELECT count(*) FROM agentctl.message WHERE role = 'assistant'")
                    #expect(reply == "0")
                }
            }
        }
    }
}
