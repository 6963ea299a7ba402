import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store
@testable import Tools

/// What holds tasks: budget, deadline, effects, and who they belong to.
@Suite struct TaskLimitTests {
    /// Submits a task and waits until it has ended, worked off here.
    private func run(_ task: TaskSubmission, _ bench: Bench) async throws -> String? {
        let id = try await bench.conversations.submit(task)
        _ = try await bench.client().wait(for: 1, of: "task:\(id)", after: 0) { _ in }
        return try await bench.text(
            "SELECT concat_ws(' ', state, attempt, error_code) AS text FROM agentctl.task WHERE id = $1",
            [.integer(id)]
        )
    }

    @Test func aTurnEndsWhenTheBudgetOfItsTaskIsSpent() async throws {
        try await Bench.withDelegates { bench in
            var task = TaskSubmission("research cats")
            task.agent = "Lead"
            task.tokens = 2
            let outcome = try await run(task, bench)
            #expect(outcome == "dead 1 budget")
        }
    }

    @Test func aTurnWhoseDeadlineHasPassedEndsWithoutAskingTheModel() async throws {
        try await Bench.withDelegates { bench in
            var task = TaskSubmission("research cats")
            task.agent = "Lead"
            task.timeLimit = .seconds(-1)
            let outcome = try await run(task, bench)
            #expect(outcome == "dead 1 deadline")
            #expect(try await bench.texts("SELECT 'x' AS text FROM agentctl.step") == [])
        }
    }

    @Test func aThousandTasksOfOneCallAreDone() async throws {
        let tasks = (1...1_000).map { #"{"agent": "Searcher", "task": "search \#($0)"}"# }.joined(separator: ", ")
        let documents = """
            [{"kind": "model", "name": "many", "provider": "rules", "rules": [
                {"when": "^go", "call": {"tool": "delegate", "arguments": {"tasks": [\(tasks)]}}, "then": "done"}]},
             {"kind": "agent", "name": "Many", "model": "many", "delegates": ["Searcher"], "chain_strategy": "parallel"}]
            """
        try await Bench.withDelegates { bench in
            try await bench.register(documents)
            try await bench.working(.init(slots: 32)) {
                let reply = try await bench.client().send(.message("go"), to: "c", agent: "Many") { _ in }.reply
                #expect(reply == "done")
            }
            let done = try await bench.text(
                "SELECT count(*)::text AS text FROM agentctl.task WHERE state = 'done' AND told"
            )
            #expect(done == "1000")
            #expect(
                try await bench.text("SELECT max(last_event)::text AS text FROM agentctl.conversation_control")
                    == "2008"
            )
        }
    }

    @Test func tasksOfOthersAreNeitherReadNorStoppedNorTriedAgain() async throws {
        try await Bench.withDelegates { bench in
            let names = ["a", "b"].map { "user_\($0)_\(UInt32.random(in: 0..<UInt32.max))" }
            for name in names {
                try await bench.client.withConnection {
                    try await $0.executeScript("CREATE ROLE \(name) LOGIN IN ROLE agentctl_client")
                }
            }
            func client(_ name: String) throws -> PostgresClient {
                var configuration = try PostgresConfiguration(url: bench.url.replacingUser(with: name))
                configuration.maximumConnections = 1
                return PostgresClient(configuration, logger: .silent)
            }
            let (owner, other) = (try client(names[0]), try client(names[1]))
            let submit: PostgresStatement =
                "SELECT agentctl.submit_task('search cats', agent => 'Searcher')::text AS text"
            let id = try #require(try await owner.query(submit).first?.decode("text", as: String.self))
            for statement: PostgresStatement in [
                "SELECT agentctl.task_result($1)", "SELECT agentctl.cancel_task($1)", "SELECT agentctl.retry_task($1)",
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await other.query(statement, [.integer(Int64(id) ?? 0)])
                }
                #expect(error?.sqlState == "AC002", "\(statement.sql)")
            }
            let insert = await #expect(throws: PostgresError.self) {
                try await other.query("INSERT INTO agentctl.task (description, agent) VALUES ('x', 'Searcher')")
            }
            #expect(insert?.sqlState == "42501")
            _ = try await owner.query("SELECT agentctl.cancel_task($1)", [.integer(Int64(id) ?? 0)])
            await owner.shutdown()
            await other.shutdown()
            for name in names {
                try await bench.client.withConnection { try await $0.executeScript("DROP ROLE \(name)") }
            }
        }
    }
}
