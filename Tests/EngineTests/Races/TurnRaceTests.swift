import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Two sessions that want opposite things of one turn, task or definition.
@Suite struct TurnRaceTests {
    /// Runs a test with a turn of `p` that waits for its task, which a worker has claimed.
    private func withClaimedTask(
        _ body: (Bench, _ task: Int64, _ finish: String) async throws -> Void
    ) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.script(TaskScript.delegation)
            let id = try await bench.text("SELECT id::text AS text FROM agentctl.task")
            let (_, claimed) = try await bench.claim()
            let claim = try #require(claimed)
            let record = """
                {"turn": {"status": "succeeded", "agent": "other", "agent_version": 1, "model_calls": 0, "tool_calls": 0,
                  "input_tokens": 0, "cached_input_tokens": 0, "output_tokens": 0, "cost_usd": 0, "duration_ms": 1},
                 "messages": [{"role": "user", "content": "d"}, {"role": "assistant", "content": "done"}],
                 "steps": [], "tool_calls": [], "events": []}
                """
            try await body(
                bench,
                Int64(id ?? "") ?? 0,
                "SELECT agentctl.finish('\(claim.conversation)', 1, '\(claim.lease)', '\(record)')"
            )
        }
    }

    /// The states of the task and of the turn above it, which has been told.
    private func outcome(_ bench: Bench) async throws -> [String] {
        try await bench.texts(
            """
            SELECT concat_ws(' ', t.state, t.told, c.state) AS text
            FROM agentctl.task AS t JOIN agentctl.conversation_control AS c ON c.conversation_id = 'p'
            """
        )
    }

    @Test func aTaskThatEndsFirstIsNotCancelled() async throws {
        try await withClaimedTask { bench, task, finish in
            let state = try await bench.race(finish, against: "SELECT agentctl.cancel_task(\(task))")
            #expect(state == "AC003")
            #expect(try await outcome(bench) == ["done t ready"])
        }
    }

    @Test func aTaskThatIsCancelledFirstStillEndsAndItsParentIsTold() async throws {
        try await withClaimedTask { bench, task, finish in
            // The worker steps back when it has waited a little, and stores the turn when the row is free.
            let state = try await bench.race("SELECT agentctl.cancel_task(\(task))", against: finish)
            #expect([nil, "55P03"].contains(state))
            if state != nil { #expect(try await bench.state(of: finish) == nil) }
            #expect(try await outcome(bench) == ["done t ready"])
        }
    }

    @Test(arguments: [true, false]) func aTurnThatIsStoppedWhileItParksDoesNotSleep(isStoppedFirst: Bool) async throws {
        let gate = MockGate()
        let call = MockModelReply.ToolCall(
            name: "delegate",
            arguments: #"{"tasks": [{"agent": "Searcher", "task": "search"}]}"#
        )
        try await withMockModel { _ in
            .toolCalls([call]).held(at: gate)
        } perform: { model in
            try await Bench.withDelegates { bench in
                try await bench.register(Documents.model(at: model.baseURL))
                try await bench.register(
                    #"{"kind": "agent", "name": "Lead", "model": "mock", "delegates": ["Searcher"]}"#
                )
                _ = try await bench.conversations.submit(.message("go"), to: "c", agent: "Lead")
                try await bench.working {
                    _ = try await model.requests(count: 1)
                    if isStoppedFirst {
                        try await bench.client.withConnection { person in
                            try await person.executeScript("BEGIN; SELECT agentctl.interrupt('c')")
                            await gate.openForever()
                            try await bench.untilOneIsBlocked()
                            try await person.executeScript("COMMIT")
                        }
                    } else {
                        // The turn is parked, and not yet committed, when the person comes.
                        try await bench.client.withConnection { holder in
                            try await holder.executeScript("BEGIN; LOCK TABLE agentctl.turn_progress IN SHARE MODE")
                            await gate.openForever()
                            try await bench.untilOneIsBlocked()
                            async let stopped = bench.state(of: "SELECT agentctl.interrupt('c')")
                            try await bench.untilBlocked(2)
                            try await holder.executeScript("COMMIT")
                            #expect(try await stopped == nil)
                        }
                    }
                    try await bench.eventually(
                        "SELECT (count(*) = 1)::text AS text FROM agentctl.turn WHERE conversation_id = 'c'"
                    )
                }
                let turn = try await bench.text("SELECT status AS text FROM agentctl.turn WHERE conversation_id = 'c'")
                #expect(turn == "interrupted")
                let open = "SELECT count(*)::text AS text FROM agentctl.task WHERE finished_at IS NULL OR NOT told"
                #expect(try await bench.text(PostgresStatement(open)) == "0")
            }
        }
    }

    @Test func twoVersionsThatAreRegisteredAtOnceAreBothThere() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            func register(_ prompt: String) -> String {
                """
                SELECT agentctl.register('{"kind": "agent", "name": "assistant", "model": "offline",
                    "system_prompt": "\(prompt)"}')
                """
            }
            #expect(try await bench.race(register("first"), against: register("second")) == nil)
            let versions = try await bench.texts(
                """
                SELECT concat_ws(' ', v.version, v.document ->> 'system_prompt', d.current_version) AS text
                FROM agentctl.definition_version AS v JOIN agentctl.definition AS d USING (kind, name)
                WHERE v.name = 'assistant' AND v.version > 1 ORDER BY v.version
                """
            )
            #expect(versions == ["2 first 3", "3 second 3"])
            #expect(try await bench.definitions.agentParts("assistant")?.agent.version == 3)
        }
    }
}
