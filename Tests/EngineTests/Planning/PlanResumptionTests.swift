import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Plans whose turn has ended before them, and that go on.
@Suite struct PlanResumptionTests {
    /// Runs a plan whose second step waits when its turn is interrupted.
    private func interrupted(_ bench: Bench) async throws -> Int64 {
        let id = try await bench.plan(["6 * 7", "{{step_1}} + 1"], mode: "interactive")
        #expect(try await bench.run(id).waitReason == .approval)
        let approval = try #require(
            try await bench.conversations.approvals(isPending: true, limit: 1).first?["id"]?.integerValue
        )
        _ = try await bench.conversations.decide(approval, approves: true)
        _ = try await bench.client().wait(for: 1, of: "plan:\(id)", after: 0) { _ in }
        _ = try await bench.conversations.interrupt("plan:\(id)")
        _ = try await bench.client().wait(for: 1, of: "plan:\(id)", after: 0) { _ in }
        #expect(try await bench.state(id) == ["cancelled", "1 completed", "2 failed"])
        return id
    }

    private func goOn(_ bench: Bench, _ id: Int64, _ outcomes: JSONObject = [:]) async throws -> TurnSummary {
        let turn = try await bench.conversations.runPlan(id, mode: "sequential", outcomes: outcomes)
        return try await bench.client().wait(for: turn.seq, of: turn.conversation, after: 0) { _ in }
    }

    private static let calls: PostgresStatement = """
        SELECT call_id || ' ' || state AS text FROM agentctl.tool_call WHERE tool = 'calculator' ORDER BY started_at, number
        """

    @Test func whatIsCompletedStaysAndTheRestRuns() async throws {
        try await Bench.withPlans { bench in
            let id = try await interrupted(bench)
            let before = try await bench.texts(Self.calls)
            let summary = try await goOn(bench, id)
            #expect(summary.reply?.hasSuffix("## 2. calculator - Calculate 2\n43") == true, "\(summary)")
            #expect(try await bench.state(id) == ["completed", "1 completed", "2 completed"])
            #expect(try await bench.texts(Self.calls) == before + ["plan_\(id)_step_2 succeeded"])
            let error = await #expect(throws: StoreError.self) { try await bench.conversations.runPlan(id) }
            #expect(error?.code == .refused && error?.hint == "There is nothing left to do; store another.")
        }
    }

    @Test func aFailedPlanGoesOnAndItsRecoveriesStay() async throws {
        try await Bench.withPlans { bench in
            let recovery: JSONValue = ["tool": "calculator", "arguments": ["expression": "10"]]
            let id = try await bench.plan(["1 / 0", "{{step_1}} + 1", "1 / 0"], replans: 1, recoveries: [recovery])
            try await bench.run(id)
            let failed = [
                "failed", "1 failed division_by_zero", "2 completed", "3 failed division_by_zero", "4 completed",
            ]
            let state = try await bench.state(id)
            #expect(state.count == failed.count && state[2] == "2 completed", "\(state)")
            // The recovery of step 1 is not made again; step 3, which nothing recovered, is, with a recovery of its own.
            try await bench.run(onlyAgain: id)
            let after = try await bench.state(id)
            #expect(after.first == "completed" && after.count == 6 && after[5].hasPrefix("5 completed"), "\(after)")
        }
    }

    @Test func aStepThatWasCutOffRunsAgainOnlyWhereItIsSaidThatItDidNotHappen() async throws {
        for (outcome, calls) in [("happened", 0), ("did_not_happen", 1)] {
            try await Bench.withPlans { bench in
                let id = try await interrupted(bench)
                try await bench.script(
                    "UPDATE agentctl.tool_call SET state = 'in_doubt', effect = 'unsafe' WHERE call_id = 'plan_\(id)_step_2'"
                )
                let before = try await bench.texts(Self.calls).count
                let error = await #expect(throws: StoreError.self) { try await bench.conversations.runPlan(id) }
                #expect(
                    error?.code == .refused && error?.message.hasSuffix("is not known: 2") == true,
                    "\(error as Any)"
                )
                #expect(error?.hint?.contains("agentctl plans run \(id) --step 2=happened") == true)
                #expect(try await goOn(bench, id, ["2": .string(outcome)]).status == .succeeded)
                #expect(try await bench.state(id).first == "completed")
                #expect(try await bench.texts(Self.calls).count == before + calls)
            }
        }
    }

    @Test func theConversationOfAPlanIsNotRetried() async throws {
        try await Bench.withPlans { bench in
            let id = try await interrupted(bench)
            let error = await #expect(throws: StoreError.self) { try await bench.conversations.retry("plan:\(id)") }
            #expect(error?.code == .refused && error?.hint == "Go on with it: agentctl plans run \(id)")
        }
    }

    @Test func aPlanThatRunsIsNotBegunTwice() async throws {
        try await Bench.withPlans { bench in
            let id = try await bench.plan(["1 + 1"], mode: "interactive")
            #expect(try await bench.run(id).waitReason == .approval)
            let error = await #expect(throws: StoreError.self) { try await bench.conversations.runPlan(id) }
            #expect(error?.code == .refused && error?.message == "plan \(id) is running")
        }
    }

    /// Makes the second step one whose call was cut off.
    private func doubt(_ bench: Bench, _ id: Int64) async throws {
        try await bench.script(
            "UPDATE agentctl.tool_call SET state = 'in_doubt', effect = 'unsafe' WHERE call_id = 'plan_\(id)_step_2'"
        )
    }

    @Test func whatALostWorkerMayStillDoHasNotNotHappened() async throws {
        try await Bench.withPlans { bench in
            let id = try await interrupted(bench)
            try await doubt(bench, id)
            // Another attempt ended it: of the first, nobody knows that it has gone.
            try await bench.script("UPDATE agentctl.turn SET attempt = 2, finished_at = clock_timestamp()")
            let error = await #expect(throws: StoreError.self) {
                try await bench.conversations.runPlan(id, outcomes: ["2": "did_not_happen"])
            }
            #expect(error?.message.contains("may still be made") == true, "\(error as Any)")
            #expect(try await bench.state(id).first == "cancelled")
            #expect(try await goOn(bench, id, ["2": "happened"]).status == .succeeded)
            let said = try await bench.text(
                "SELECT data ->> 'outcome' AS text FROM agentctl.event WHERE type = 'call_resolved'"
            )
            #expect(said == "happened")
        }
    }

    @Test func whoMayNotResolveACallDoesNotDoItByItsPlan() async throws {
        try await Bench.withPlans { bench in
            let id = try await interrupted(bench)
            try await doubt(bench, id)
            try await bench.openToEveryone()
            try await bench.withUser(in: "agentctl_client") { ada in
                try await bench.script("UPDATE agentctl.approval SET not_requester = true")
                try await bench.script(
                    """
                    UPDATE agentctl.plan SET created_by = '\(ada.name)';
                    UPDATE agentctl.conversation SET created_by = '\(ada.name)';
                    UPDATE agentctl.submission SET created_by = '\(ada.name)'
                    """
                )
                let run = #"SELECT agentctl.run_plan(\#(id), mode => 'sequential', outcomes => '{"2": "happened"}')"#
                #expect(try await ada.state(of: run) == "AC004")
            }
        }
    }

    @Test func aCallOfATurnWhoseRecordIsGoneIsResolved() async throws {
        try await Bench.withPlans { bench in
            let id = try await interrupted(bench)
            try await doubt(bench, id)
            try await bench.script("DELETE FROM agentctl.turn")
            let resolved: PostgresStatement = """
                SELECT agentctl.resolve_tool_call(conversation_id, seq, call, 'happened')::text AS text
                FROM agentctl.calls_in_doubt
                """
            #expect(try await bench.texts(resolved) == ["0"])
        }
    }
}

extension Bench {
    /// Has a plan go on that was run before.
    fileprivate func run(onlyAgain plan: Int64) async throws {
        let turn = try await conversations.runPlan(plan)
        _ = try await client().wait(for: turn.seq, of: turn.conversation, after: 0) { _ in }
    }
}
