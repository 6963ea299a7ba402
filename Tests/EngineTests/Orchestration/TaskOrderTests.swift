import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Which task is claimed when, and that none is forgotten.
@Suite struct TaskOrderTests {
    /// Claims one conversation after the other, each by a worker of its own, and ends its turn.
    private func drain(_ bench: Bench, atMost count: Int = 100) async throws -> [String] {
        var order: [String] = []
        while order.count < count {
            let (worker, claimed) = try await bench.claim()
            guard let claim = claimed else { break }
            order.append(claim.conversation)
            let record = bench.record(for: claim, reply: "done")
            let isStored = try await bench.work.finish(record, of: claim, worker: worker, claiming: 0).stored
            #expect(isStored)
        }
        return order
    }

    @Test func messagesGoBeforeTasksAndNoTaskIsPassedOverByLaterOnesOfItsPriority() async throws {
        try await Bench.withDelegates { bench in
            for (name, priority) in [("low", 20), ("first", 10), ("second", 10), ("urgent", 0)] {
                var task = TaskSubmission(name)
                (task.agent, task.priority) = ("Searcher", priority)
                _ = try await bench.conversations.submit(task)
            }
            _ = try await bench.conversations.submit(.message("hello"), to: "person", agent: "Lead")
            // As many later ones as there may be: the low one comes when no other waits.
            for name in ["third", "fourth"] {
                var task = TaskSubmission(name)
                task.agent = "Searcher"
                _ = try await bench.conversations.submit(task)
            }
            let order = try await drain(bench)
            #expect(order == ["task:4", "person", "task:2", "task:3", "task:5", "task:6", "task:1"])
        }
    }

    @Test func aTreeThatWasBegunIsFinishedBeforeAnotherIsBegun() async throws {
        try await Bench.withDelegates { bench in
            for name in ["a", "b"] {
                _ = try await bench.conversations.submit(.message("x"), to: name, agent: "Lead")
            }
            try await bench.client.withConnection { connection in
                try await connection.executeScript(
                    TaskScript.functions + """
                        SELECT pg_temp.delegate('a', 'Lead', 2, '[{"number": 1, "agent": "Searcher", "description": "d"},
                            {"number": 2, "agent": "Analyst", "description": "d"}]');
                        """
                )
            }
            _ = try await bench.conversations.submit(.message("x"), to: "c", agent: "Lead")
            // The tasks of a, then a itself, as its last task makes it ready, and only then what nobody has begun.
            #expect(try await drain(bench) == ["a~1.1", "a~1.2", "a", "b", "c"])
        }
    }

    @Test func tasksKeepThePriorityOfTheirRoot() async throws {
        try await Bench.withDelegates { bench in
            var task = TaskSubmission("pass cats")
            (task.agent, task.priority) = ("Top", 30)
            _ = try await bench.conversations.submit(task)
            try await bench.working {
                try await bench.eventually("SELECT (count(*) = 3)::text AS text FROM agentctl.turn")
            }
            let priorities = try await bench.texts("SELECT priority::text AS text FROM agentctl.task ORDER BY id")
            #expect(priorities == ["30", "30", "30"])
        }
    }

    /// A session may end a task without seeing what was made to depend on it meanwhile, or depend on one without seeing
    /// that it has ended.
    @Test func noDependentIsForgottenWhateverASessionSees() async throws {
        try await Bench.withDelegates { bench in
            let submit: PostgresStatement = """
                SELECT agentctl.submit_task('x', agent => 'Searcher', depends_on => $1::bigint[])::text AS text
                """
            let started: PostgresStatement = "SELECT state::text AS text FROM agentctl.task WHERE id = $1"
            let first = try #require(Int64(try await bench.text(submit, [.integerArray([])]) ?? ""))
            try await bench.client.withConnection { old in
                try await old.executeScript(TaskScript.functions)
                try await old.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
                try await old.query("SELECT count(*) FROM agentctl.task")
                let second = try #require(Int64(try await bench.text(submit, [.integerArray([first])]) ?? ""))
                try await old.query(
                    PostgresStatement("SELECT pg_temp.finish('task:\(first)', 'Searcher', 'succeeded')")
                )
                try await old.query("COMMIT")
                try await bench.client.query("SELECT agentctl.wake()")
                #expect(try await bench.text(started, [.integer(second)]) == "assigned")

                try await old.query("BEGIN ISOLATION LEVEL REPEATABLE READ")
                try await old.query("SELECT count(*) FROM agentctl.task")
                try await bench.client.withConnection { connection in
                    try await connection.executeScript(TaskScript.functions)
                    try await connection.query(
                        PostgresStatement("SELECT pg_temp.finish('task:\(second)', 'Searcher', 'failed')")
                    )
                }
                // The session cannot see the end: it is refused rather than told that it waits.
                let error = await #expect(throws: PostgresError.self) {
                    try await old.query(submit, [.integerArray([second])])
                }
                #expect(error?.sqlState == "40001")
                try await old.query("ROLLBACK")
            }
        }
    }
}
