import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Runs of chains that are stopped, limited, planned by a manager, or run again from a node.
@Suite struct ChainControlTests {
    /// A manager's plan, and what it makes of the results.
    private static func manager(_ plan: String) -> @Sendable (MockModelRequest) -> MockModelReply {
        { request in
            let text = request.lastText
            if text.hasPrefix("Plan how") { return .text(plan) }
            if text.hasPrefix("Request:") { return .text("Summary of \(text.count { $0 == "{" }) results") }
            return .text("did: \(text)")
        }
    }

    private static let team = """
        [{"kind": "agent", "name": "Lead", "model": "mock"}, {"kind": "agent", "name": "Doer", "model": "mock"},
         {"kind": "chain", "name": "team", "strategy": "hierarchical", "manager": "Lead", "specialists": ["Doer"],
          "max_replans": 1}]
        """

    @Test func aManagerPlansSpecialistsDoAndTheManagerSumsUp() async throws {
        let plan = """
            {"subtasks": [{"name": "a", "agent": "Doer", "description": "find"},
                          {"name": "b", "agent": "Doer", "description": "judge", "after": ["a"]}]}
            """
        try await withMockModel(Self.manager(plan)) { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(Self.team)
                let summary = try await bench.client().send(.message("cats"), to: "c", agent: "team") { _ in }
                #expect(summary.reply == "Summary of 2 results")
                let tasks = try await bench.texts(
                    "SELECT format('%s: %s', group_key, description) AS text FROM agentctl.tasks ORDER BY number OFFSET 1 LIMIT 2"
                )
                #expect(tasks == ["work#1/a: find", "work#1/b: judge\n\nResult of a: did: find"])
            }
        }
    }

    /// An agent that is no specialist does not fit the schema of plans; steps that wait for each other do, and then the
    /// manager plans again, once, before it sums up what there is.
    @Test(arguments: [
        (#"{"subtasks": [{"name": "a", "agent": "Nobody", "description": "x"}]}"#, ["plan#1 failed"]),
        (
            #"{"subtasks": [{"name": "a", "agent": "Doer", "description": "x", "after": ["a"]}]}"#,
            ["plan#1 succeeded", "work#1 failed", "plan#2 succeeded", "work#2 failed", "synthesis#1 succeeded"]
        ),
    ]) func aPlanThatCannotRunIsMadeAgainOrFails(plan: String, visits: [String]) async throws {
        try await withMockModel(Self.manager(plan)) { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(Self.team.replacing(#"["Doer"],"#, with: #"["Doer", "Lead"],"#))
                let summary = try await bench.client().send(.message("cats"), to: "c", agent: "team") { _ in }
                #expect(summary.status == (visits.count == 1 ? .failed : .succeeded))
                #expect(try await bench.visits("c") == visits)
                let doers = try await bench.texts("SELECT agent AS text FROM agentctl.tasks WHERE agent = 'Doer'")
                #expect(doers == [])
            }
        }
    }

    @Test func stoppingARunStopsItsTasksAndKeepsWhatHasEnded() async throws {
        try await withMockModel { request in
            request.lastText.contains("slow") ? .hang(after: "hm") : .text("done")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(
                    """
                    [{"kind": "agent", "name": "A", "model": "mock"}, {"kind": "agent", "name": "B", "model": "mock"},
                     {"kind": "chain", "name": "two", "strategy": "sequential", "stages": [
                        {"agent": "A", "input": "quick"}, {"agent": "B", "input": "slow"}]}]
                    """
                )
                try await bench.working {
                    _ = try await bench.conversations.submit(.message("x"), to: "c", agent: "two")
                    _ = try await model.requests(count: 2)
                    #expect(try await bench.conversations.interrupt("c") == 1)
                    try await bench.eventually("SELECT (count(*) = 3)::text AS text FROM agentctl.turn")
                }
                #expect(try await bench.turns() == ["c/1 interrupted", "c~1.1/1 succeeded", "c~1.2/1 interrupted"])
                #expect(try await bench.visits("c") == ["A#1 succeeded"])
                let result = try JSONValue(parsing: try await bench.result("c") ?? "null")
                #expect(result["partial_outputs"] == ["A": "done"])
            }
        }
    }

    @Test func aRunAgainFromANodeCopiesWhatDoesNotFollowFromItAndSeesTheChangedState() async throws {
        try await Bench.withChains(ChainDocuments.graph) { bench in
            _ = try await bench.client().send(.message("cats"), to: "c", agent: "graph") { _ in }
            let again = try await bench.text(
                """
                SELECT agentctl.rerun_chain('c', 1, 'publish', changes => '{"drafts": ["mine"], "score": 1}')::text AS text
                """
            )
            let made = try JSONValue(parsing: again ?? "")
            #expect(made["conversation"] == "c-rerun-1" && made["copied"] == 6 && made["effects"] == [])
            let summary = try await bench.client().wait(for: 1, of: "c-rerun-1", after: 0) { _ in }
            #expect(summary.reply == #"did: ["mine"] at 1"#)
            let tasks = try await bench.texts(
                "SELECT agent AS text FROM agentctl.tasks WHERE parent_conversation_id = 'c-rerun-1'"
            )
            #expect(tasks == ["Other"])
            let copied = try await bench.texts(
                "SELECT DISTINCT copied_from AS text FROM agentctl.node_runs WHERE copied_from IS NOT NULL"
            )
            #expect(copied == ["c/1"])
        }
    }

    @Test(arguments: [
        ("'nothing'", "AC002"), ("'publish', changes => '{\"none\": 1}'", "AC001"),
        ("'publish', changes => '[]'", "AC001"), ("'write', 1, '{\"score\": 1}'", "AC003"),
        ("'publish', new_conversation => 'c'", "AC003"),
    ]) func aRunAgainThatCannotBeIsRefused(arguments: String, code: String) async throws {
        try await Bench.withChains(ChainDocuments.graph) { bench in
            _ = try await bench.client().send(.message("cats"), to: "c", agent: "graph") { _ in }
            await #expect {
                _ = try await bench.client.query(PostgresStatement("SELECT agentctl.rerun_chain('c', 1, \(arguments))"))
            } throws: { "\($0)".contains(code) }
            #expect(
                try await bench.texts(
                    "SELECT conversation_id AS text FROM agentctl.conversations WHERE conversation_id LIKE 'c-%'"
                ) == []
            )
        }
    }

    @Test func aRelationshipAnswersNothing() async throws {
        try await Bench.withChains(
            #"{"kind": "chain", "name": "desk", "from": "Worker", "to": ["Other"], "strategy": "parallel"}"#
        ) { bench in
            await #expect(throws: StoreError.self) {
                _ = try await bench.conversations.submit(.message("x"), to: "c", agent: "desk")
            }
        }
    }

    /// A member's name that PostgreSQL cannot hold, beside a branch that still runs.
    @Test func whatTheDatabaseCannotHoldIsStoredWithoutIt() async throws {
        let answer = #"{"a\u0000b": "c\u0000d"}"#
        try await withMockModel { _ in
            .text(answer)
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(
                    """
                    {"kind": "chain", "name": "odd", "strategy": "sequential", "stages": [
                        {"name": "a", "agent": "assistant", "output_schema": {"type": "object"}}]}
                    """
                )
                let summary = try await bench.client().send(.message("x"), to: "c", agent: "odd") { _ in }
                #expect(summary.status == .succeeded)
                let output = try await bench.text("SELECT output::text AS text FROM agentctl.node_runs")
                #expect(output == "{\"a\u{FFFD}b\": \"c\u{FFFD}d\"}")
            }
        }
    }

    @Test func aTurnThatIsGivenUpEndsAfterItsTasks() async throws {
        try await withMockModel { request in
            request.lastText.contains("slow") ? .hang(after: "hm") : .text("done")
        } perform: { model in
            try await withBench { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(
                    """
                    {"kind": "chain", "name": "two", "strategy": "graph",
                     "nodes": [{"name": "s", "kind": "set", "value": "x"}, {"name": "a", "agent": "assistant", "input": "slow"},
                               {"name": "b", "agent": "assistant", "input": "quick"}, {"name": "c", "agent": "assistant"}],
                     "edges": [{"from": "s", "to": "a"}, {"from": "s", "to": "b"}, {"from": "b", "to": "c"}]}
                    """
                )
                // The next claim is one too many, while a task runs.
                try await bench.working(.init(slots: 4)) {
                    _ = try await bench.conversations.submit(.message("x"), to: "c", agent: "two")
                    _ = try await model.requests(count: 3)
                    _ = try await bench.client.query(
                        """
                        UPDATE agentctl.conversation_control SET attempt = 99, state = 'ready', ready_at = now(),
                            wake_at = NULL, lease = NULL, worker_id = NULL WHERE conversation_id = 'c'
                        """
                    )
                    try await bench.eventually(
                        "SELECT (count(*) > 0)::text AS text FROM agentctl.turn WHERE conversation_id = 'c'"
                    )
                }
                #expect(try await bench.turns().contains("c~1.1/1 interrupted"))
            }
        }
    }

    @Test(arguments: [true, false]) func aRunGoesOnAsTheChainWasWhenItBegan(isUnregistered: Bool) async throws {
        try await Bench.withChains(ChainDocuments.gate(handlesDenial: true)) { bench in
            try await bench.working {
                _ = try await bench.conversations.submit(.message("cats"), to: "c", agent: "gate")
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.pending_approvals")
                if isUnregistered {
                    _ = try await bench.client.query("SELECT agentctl.unregister('gate', 'chain')")
                } else {
                    try await bench.register(
                        ChainDocuments.gate(handlesDenial: true).replacing("publish {{", with: "burn {{")
                    )
                }
                _ = try await bench.client.query("SELECT agentctl.approve(id) FROM agentctl.pending_approvals")
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.turn WHERE depth = 0")
            }
            let summary = try await bench.conversations.summary(conversation: "c", seq: 1)
            #expect(summary?.reply == "did: publish did: cats")
            let result = try JSONValue(parsing: try await bench.result("c") ?? "null")
            #expect(result["success"] == true)
        }
    }

    /// The failure of one branch ends the run, and nothing depends on the answer to the question of another.
    @Test func aRunThatFailsBesideAnOpenQuestionLeavesAWholeTranscript() async throws {
        let chain = """
            {"kind": "chain", "name": "beside", "strategy": "graph",
             "nodes": [{"name": "start", "kind": "set", "value": "x"}, {"name": "ask", "kind": "approval", "message": "Well?"},
                       {"name": "bad", "agent": "Broken"}, {"name": "last", "agent": "Worker"}],
             "edges": [{"from": "start", "to": "ask"}, {"from": "start", "to": "bad"}, {"from": "ask", "to": "last"},
                       {"from": "bad", "to": "last"}]}
            """
        try await Bench.withChains(chain) { bench in
            let summary = try await bench.client().send(.message("x"), to: "c", agent: "beside") { _ in }
            #expect(summary.status == .failed && summary.errorMessage?.hasPrefix("node bad: ") == true)
            let roles = try await bench.texts(
                "SELECT concat_ws(' ', role, tool_call_id) AS text FROM agentctl.message WHERE conversation_id = 'c' ORDER BY number"
            )
            #expect(roles == ["user", "assistant", "tool ask#1"])
            #expect(try await bench.texts("SELECT 'x' AS text FROM agentctl.pending_approvals") == [])
        }
    }

    @Test func anEmptyInputIsSaidToBeOne() async throws {
        try await Bench.withChains(ChainDocuments.sequence) { bench in
            let summary = try await bench.client().send(.message(" "), to: "c", agent: "sequence") { _ in }
            #expect(summary.errorCode == "empty_input" && summary.errorMessage?.hasPrefix("node first: ") == true)
        }
    }

    @Test func theConversationOfAChainIsWrittenOutAndReadInAndAnUnfinishedRunIsNot() async throws {
        try await Bench.withChains(ChainDocuments.sequence, ChainDocuments.gate(handlesDenial: true)) { bench in
            _ = try await bench.client().send(.message("cats"), to: "c", agent: "sequence") { _ in }
            let imported = try await bench.text(
                """
                SELECT agentctl.import_conversation(agentctl.export_conversation('c'), as_id => 'd')::text AS text
                """
            )
            #expect(imported != nil)
            let reply = try await bench.client().send(.message("dogs"), to: "d", agent: nil) { _ in }.reply
            #expect(reply == "did: 3 did: dogs / did: 2 did: dogs")
            _ = try await bench.client().send(.message("cats"), to: "g", agent: "gate") { _ in }
            await #expect {
                _ = try await bench.client.query("SELECT agentctl.export_conversation('g')")
            } throws: { "\($0)".contains("AC003") }
        }
    }
}
