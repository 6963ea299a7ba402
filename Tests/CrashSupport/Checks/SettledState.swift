import JSON
import Postgres

/// What the database holds when nothing runs any more.
struct SettledState: Sendable {
    let conversations: [JSONValue]
    let controls: [JSONValue]
    /// Conversations that are not in the list of work as they are.
    let misplaced: [JSONValue]
    let submissions: [JSONValue]
    let messages: [JSONValue]
    let compactions: [JSONValue]
    let turns: [JSONValue]
    let calls: [JSONValue]
    let events: [JSONValue]
    let tasks: [JSONValue]
    let dependencies: [JSONValue]
    let steps: [JSONValue]
    let nodeRuns: [JSONValue]
    let plans: [JSONValue]
    let planSteps: [JSONValue]
    let scheduleRuns: [JSONValue]
    let bookings: [JSONValue]
    let changes: [JSONValue]
    /// The names of processes by the worker ids that they had.
    let processes: [Int64: String]

    init(_ database: CrashDatabase, within connection: PostgresConnection?) async throws {
        func rows(_ query: String) async throws -> [JSONValue] { try await database.rows(query, within: connection) }
        conversations = try await rows("SELECT * FROM agentctl.conversation ORDER BY id")
        controls = try await rows("SELECT * FROM agentctl.conversation_control ORDER BY conversation_id")
        misplaced = try await rows(
            """
            SELECT coalesce(w.conversation_id, c.conversation_id) AS conversation_id,
                   coalesce(c.state::text, 'gone') AS state, coalesce(w.state::text, 'missing') AS listed
            FROM (SELECT * FROM agentctl.work_list WHERE conversation_id <> '') AS w
            FULL JOIN (SELECT * FROM agentctl.conversation_control WHERE state <> 'idle') AS c USING (conversation_id)
            WHERE (w.state, w.queue_key, w.lane, w.ready_at, w.worker_id, w.wake_at)
                IS DISTINCT FROM (c.state, c.queue_key, c.lane, c.ready_at, c.worker_id, c.wake_at)
              AND EXISTS (SELECT FROM agentctl.work_list WHERE conversation_id = '')
            """
        )
        submissions = try await rows("SELECT * FROM agentctl.submission ORDER BY conversation_id, seq")
        messages = try await rows("SELECT * FROM agentctl.message ORDER BY conversation_id, number")
        compactions = try await rows("SELECT * FROM agentctl.compaction ORDER BY conversation_id, number")
        turns = try await rows("SELECT * FROM agentctl.turn ORDER BY conversation_id, seq")
        calls = try await rows("SELECT * FROM agentctl.tool_call ORDER BY conversation_id, seq, number")
        events = try await rows("SELECT * FROM agentctl.events ORDER BY conversation_id, number")
        tasks = try await rows("SELECT * FROM agentctl.task ORDER BY id")
        dependencies = try await rows("SELECT * FROM agentctl.task_dependency ORDER BY task_id, depends_on")
        steps = try await rows("SELECT * FROM agentctl.step ORDER BY conversation_id, seq, number")
        nodeRuns = try await rows("SELECT * FROM agentctl.node_runs ORDER BY conversation_id, seq, number")
        plans = try await rows("SELECT * FROM agentctl.plans ORDER BY id")
        planSteps = try await rows("SELECT * FROM agentctl.plan_steps ORDER BY plan_id, number")
        scheduleRuns = try await rows(
            """
            SELECT r.*, extract(epoch FROM r.due_at - '\(TrialClock.start)')::bigint / 60 AS minute
            FROM agentctl.schedule_run AS r ORDER BY r.name, r.due_at
            """
        )
        bookings = try await rows("SELECT * FROM public.booking ORDER BY number")
        changes = try await rows("SELECT * FROM public.change ORDER BY number")
        var processes: [Int64: String] = [:]
        for row in try await rows("SELECT * FROM public.start") {
            processes[row.number("worker_id")] = row.text("application")
        }
        self.processes = processes
    }

    /// The rows of a conversation.
    func of(_ conversation: String, _ rows: [JSONValue], by name: String = "conversation_id") -> [JSONValue] {
        rows.filter { $0.text(name) == conversation }
    }
}

extension JSONValue {
    func text(_ name: String) -> String { self[name]?.stringValue ?? "" }
    func number(_ name: String) -> Int64 { self[name]?.integerValue ?? 0 }
    /// The conversation and the submission that a row is about.
    var place: String { "\(text("conversation_id"))/\(number("seq"))" }
}
