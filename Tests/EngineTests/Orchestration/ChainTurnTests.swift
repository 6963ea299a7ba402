import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Conversations that chains answer.
@Suite struct ChainTurnTests {
    private func run(
        _ chain: String,
        _ bench: Bench,
        _ content: SubmissionContent = .message("cats"),
        to conversation: String = "c"
    ) async throws -> TurnSummary {
        try await bench.client().send(content, to: conversation, agent: chain) { _ in }
    }

    @Test func stagesRunOneAfterTheOtherAndSeeWhatThoseBeforeGave() async throws {
        try await Bench.withChains(ChainDocuments.sequence) { bench in
            let summary = try await run("sequence", bench)
            #expect(summary.reply == "did: 3 did: cats / did: 2 did: cats" && summary.status == .succeeded)
            #expect(
                try await bench.visits("c") == ["first#1 succeeded", "second#1 succeeded", "Third#1 succeeded"]
            )
            let agents = try await bench.texts("SELECT agent AS text FROM agentctl.tasks ORDER BY number")
            #expect(agents == ["Worker", "Other", "Third"])
            let turn = try await bench.text(
                "SELECT format('%s %s %s', chain, nodes, tasks) AS text FROM agentctl.chain_runs"
            )
            #expect(turn == "sequence 3 3")
        }
    }

    /// What a judge, a manager or a stage says counts only when its end says that it is whole.
    @Test(arguments: [("length", "max_output_tokens"), ("error", "model_server")])
    func aStageWhoseAnswerIsNotWholeFails(reason: String, code: String) async throws {
        var half = MockModelReply.text("approve")
        half.finishReason = reason
        let reply = half
        try await withMockModel { _ in
            reply
        } perform: { model in
            try await withBench { bench in
                try await bench.register(
                    """
                    [{"kind": "model", "name": "mock", "provider": "openai", "base_url": "\(model.baseURL)", "model": "m"},
                     {"kind": "agent", "name": "Judge", "model": "mock"}]
                    """
                )
                try await bench.register(
                    """
                    {"kind": "chain", "name": "judged", "strategy": "sequential", "stages": [
                        {"name": "judge", "agent": "Judge"}, {"name": "next", "agent": "Judge", "input": "{{previous}}"}]}
                    """
                )
                let summary = try await run("judged", bench)
                #expect(summary.status == .failed && summary.reply == nil)
                #expect(try await bench.visits("c") == ["judge#1 failed"])
                let failure = try await bench.text("SELECT error_code AS text FROM agentctl.tasks")
                #expect(failure == code)
            }
        }
    }

    @Test func branchesRunTogetherAndAFailedOneIsOneOfTheResults() async throws {
        try await Bench.withChains(ChainDocuments.parallel()) { bench in
            let reply = try await run("parallel", bench).reply
            let results = try JSONValue(parsing: reply ?? "")
            #expect(results["total_tasks"] == 4 && results["successful"] == 3 && results["failed"] == 1)
            let nodes = results["results"]?.arrayValue?.map { $0["node"]?.stringValue ?? "" }
            #expect(nodes == ["a", "b", "c", "d"])
            #expect(results["results"]?[1]?["error"]?["code"] == "output_invalid")
        }
    }

    @Test(arguments: ["fail", "cancel"]) func aFailedBranchEndsTheChainAndWhatOthersGaveStays(rule: String) async throws
    {
        try await Bench.withChains(ChainDocuments.parallel(onFailure: rule)) { bench in
            let summary = try await run("parallel", bench)
            #expect(summary.status == .failed)
            let result = try JSONValue(parsing: try await bench.result("c") ?? "null")
            #expect(result["success"] == false && result["final_output"] == .null)
            #expect(result["failed_stage"]?.stringValue == (rule == "fail" ? "results" : "b"))
            #expect(result["partial_outputs"]?["start"] == "cats")
            let open = try await bench.texts("SELECT id::text AS text FROM agentctl.tasks WHERE finished_at IS NULL")
            #expect(open == [])
        }
    }

    @Test func aListRunsItemByItemAndAnEmptyOneGivesNothing() async throws {
        try await Bench.withChains(ChainDocuments.each) { bench in
            let reply = try await run("each", bench, .input(["files": ["x", "y", "z"]])).reply
            let results = try JSONValue(parsing: reply ?? "")
            #expect(results["results"]?[2]?["output"] == "did: Review z" && results["successful"] == 3)
            let empty = try await run("each", bench, .input(["files": []]), to: "d").reply
            #expect(try JSONValue(parsing: empty ?? "")["total_tasks"] == 0)
            let wrong = try await run("each", bench, .input(["files": "x"]), to: "e")
            #expect(wrong.status == .failed && wrong.errorMessage?.contains("expected a list") == true)
        }
    }

    @Test func aVoteIsCountedAndItsBallotsAreKept() async throws {
        try await Bench.withChains(ChainDocuments.vote) { bench in
            let reply = try await run("vote", bench).reply
            let result = try JSONValue(parsing: reply ?? "")
            #expect(result["answer"] == "yes" && result["agreement"] == 1 && result["support"] == 0.75)
            let ballots = try await bench.texts(
                "SELECT format('%s %s %s', voter, weight, answer) AS text FROM agentctl.ballots ORDER BY number"
            )
            #expect(ballots == ["Worker 2 \"yes\"", "Other 1 \"yes\"", "Broken 1 "])
        }
    }

    @Test func aVoteWithoutAQuorumFailsWithWhatWasCounted() async throws {
        let chain = ChainDocuments.vote.replacing("\"quorum\": 2", with: "\"quorum\": 3")
        try await Bench.withChains(chain) { bench in
            let summary = try await run("vote", bench)
            #expect(summary.errorCode == "no_decision")
            let counted = try await bench.text(
                "SELECT (output ->> 'votes') AS text FROM agentctl.node_runs WHERE node = 'count'"
            )
            #expect(counted == "2")
        }
    }

    @Test func chainsAndToolsAreStagesToo() async throws {
        try await Bench.withChains(ChainDocuments.sequence, ChainDocuments.nested) { bench in
            let summary = try await run("nested", bench)
            #expect(summary.reply == "did: did: 3 did: cats / did: 2 did: cats and 3")
            let depths = try await bench.texts(
                "SELECT format('%s %s', agent, depth) AS text FROM agentctl.turn ORDER BY depth, agent"
            )
            #expect(
                depths
                    == ["nested 0", "Worker 1", "sequence 1", "Other 2", "Third 2", "Worker 2"].sorted {
                        ($0.last ?? "0", $0) < ($1.last ?? "0", $1)
                    }
            )
        }
    }

    @Test func aLoopEndsAtItsBoundAndStateIsReduced() async throws {
        try await Bench.withChains(ChainDocuments.graph) { bench in
            let summary = try await run("graph", bench)
            let drafts = #"["did: cats 1","did: cats 2","did: cats 3"]"#
            #expect(summary.reply == "did: \(drafts) at 0.5")
            let state = try await bench.text("SELECT agentctl.chain_state('c', 1)::text AS text")
            #expect(try JSONValue(parsing: state ?? "")["drafts"] == ["did: cats 1", "did: cats 2", "did: cats 3"])
            let seen = try await bench.text("SELECT agentctl.chain_state('c', 1, 'review', 2)::text AS text")
            #expect(try JSONValue(parsing: seen ?? "")["drafts"] == ["did: cats 1", "did: cats 2"])
        }
    }

    @Test(arguments: [("left", "did: L"), ("both", "did: R"), ("nothing", "did: other")])
    func anAgentChoosesTheWayOn(word: String, reply: String) async throws {
        let chain = """
            [{"kind": "model", "name": "guide", "provider": "rules", "rules": [
                {"when": "left", "call": {"tool": "go_to", "arguments": {"node": "l"}}, "then": "chosen"},
                {"when": "both", "calls": [{"tool": "go_to", "arguments": {"node": "l"}},
                                           {"tool": "go_to", "arguments": {"node": "r"}}], "then": "chosen"},
                {"otherwise": "no choice"}]},
             {"kind": "agent", "name": "Guide", "model": "guide"},
             {"kind": "chain", "name": "fork", "strategy": "graph",
              "nodes": [{"name": "ask", "agent": "Guide"}, {"name": "l", "agent": "Worker", "input": "L"},
                        {"name": "r", "agent": "Other", "input": "R"}, {"name": "o", "agent": "Third", "input": "other"}],
              "edges": [{"from": "ask", "to": "l", "choose": true}, {"from": "ask", "to": "r", "choose": true},
                        {"from": "ask", "to": "o", "otherwise": true}]}]
            """
        try await Bench.withChains(chain) { bench in
            #expect(try await run("fork", bench, .message(word)).reply == reply)
            let visits = try await bench.visits("c").map { String($0.prefix { $0 != "#" }) }
            #expect(visits == (word == "both" ? ["ask", "l", "r"] : ["ask", reply == "did: L" ? "l" : "o"]))
            let chosen = try await bench.texts(
                "SELECT choices_made::text AS text FROM agentctl.task WHERE choices_made IS NOT NULL"
            )
            #expect(chosen == (word == "both" ? ["{l,r}"] : word == "left" ? ["{l}"] : []))
        }
    }

    @Test func aFailedStageIsTriedAgainAsOftenAsItMay() async throws {
        let chain = """
            {"kind": "chain", "name": "tries", "strategy": "sequential", "stages": [
                {"name": "ok", "agent": "Worker"}, {"name": "bad", "agent": "Broken", "attempts": 3}]}
            """
        try await Bench.withChains(chain) { bench in
            let summary = try await run("tries", bench)
            #expect(summary.status == .failed && summary.errorMessage?.hasPrefix("node bad: ") == true)
            let groups = try await bench.texts("SELECT group_key AS text FROM agentctl.tasks ORDER BY number")
            #expect(groups == ["ok#1", "bad#1", "bad#1.2", "bad#1.3"])
            let visits = try await bench.texts(
                "SELECT format('%s %s %s', node, attempt, task) AS text FROM agentctl.node_runs ORDER BY number"
            )
            #expect(visits == ["ok 1 1", "bad 3 2"])
        }
    }

    @Test func itemsThatFailAreTriedAgainAlone() async throws {
        let chain = ChainDocuments.each.replacing("\"Worker\"", with: "\"Broken\"")
            .replacing("\"max_parallel\": 2", with: "\"attempts\": 2")
        try await Bench.withChains(chain) { bench in
            let reply = try await run("each", bench, .input(["files": ["x", "y"]])).reply
            #expect(try JSONValue(parsing: reply ?? "")["failed"] == 2)
            let groups = try await bench.texts("SELECT group_key AS text FROM agentctl.tasks ORDER BY number")
            #expect(groups == ["each#1", "each#1", "each#1.2", "each#1.2"])
        }
    }

    @Test func aPersonDecidesAndWhatDoesNotDependOnItGoesOn() async throws {
        try await Bench.withChains(ChainDocuments.gate(handlesDenial: true)) { bench in
            try await bench.working {
                _ = try await bench.conversations.submit(.message("cats"), to: "c", agent: "gate")
                try await bench.eventually(
                    """
                    SELECT (EXISTS (SELECT FROM agentctl.pending_approvals WHERE subject = 'Publish did: cats?')
                        AND EXISTS (SELECT FROM agentctl.node_runs WHERE node = 'side'))::text AS text
                    """
                )
                let asked = try await bench.texts(
                    "SELECT type AS text FROM agentctl.event WHERE type = 'approval_requested'"
                )
                #expect(asked.count == 1)
                _ = try await bench.client.query("SELECT agentctl.approve(id) FROM agentctl.pending_approvals")
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.turn WHERE depth = 0")
            }
            #expect(try await bench.conversations.summary(conversation: "c", seq: 1)?.reply == "did: publish did: cats")
        }
    }

    @Test(arguments: [true, false]) func nothingFollowsThatNobodyApproved(handlesDenial: Bool) async throws {
        try await Bench.withChains(ChainDocuments.gate(handlesDenial: handlesDenial)) { bench in
            try await bench.working {
                _ = try await bench.conversations.submit(.message("cats"), to: "c", agent: "gate")
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.pending_approvals")
                _ = try await bench.client.query("SELECT agentctl.deny(id, 'no') FROM agentctl.pending_approvals")
                try await bench.eventually("SELECT (count(*) = 1)::text AS text FROM agentctl.turn WHERE depth = 0")
            }
            let summary = try await bench.conversations.summary(conversation: "c", seq: 1)
            #expect(handlesDenial ? summary?.reply == "did: sorry" : summary?.errorCode == "denied")
            #expect(try await bench.visits("c").contains { $0.hasPrefix("publish") } == false)
        }
    }
}
