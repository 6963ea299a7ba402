import Postgres
import TestSupport

@testable import Conversation
@testable import Engine
@testable import Store

extension Bench {
    static let scheduled = """
        [{"kind": "model", "name": "offline", "provider": "rules", "rules": [{"otherwise": "done"}]},
         {"kind": "agent", "name": "assistant", "model": "offline", "capabilities": ["report"]}]
        """

    /// Registers a schedule with a clock of its own: it is due next after a time, whatever the time is.
    ///
    /// - Parameters:
    ///   - members: Members of the document beside kind, name, message and agent, as JSON: `"cron": "* * * * *"`.
    ///   - start: A time in UTC, such as `2027-01-04 08:00`.
    func schedule(_ name: String, _ members: String, from start: String) async throws {
        let target = members.contains("\"task\"") ? "" : #""message": "{{date}} {{due}}", "#
        let agent = members.contains("\"task\"") ? "" : #""agent": "assistant", "#
        try await register(#"{"kind": "schedule", "name": "\#(name)", \#(target)\#(agent)\#(members)}"#)
        _ = try await client.query(
            """
            UPDATE agentctl.schedule_state AS s SET due_at = d.due, look_at = agentctl.schedule_look(s.name, d.due, (v.document ->> 'jitter')::double precision)
            FROM agentctl.definition_version AS v, LATERAL (SELECT agentctl.next_due(v.document, ($2 || 'Z')::timestamptz) AS due) AS d
            WHERE s.name = $1 AND v.id = s.version_id
            """,
            [.text(name), .text(start)]
        )
    }

    /// Registers the schedule `s`.
    func schedule(_ members: String, from start: String) async throws {
        try await schedule("s", members, from: start)
    }

    /// Runs what is due at a time in UTC, such as `2027-01-04 08:00`.
    ///
    /// - Returns: How many runs were begun.
    @discardableResult
    func runSchedules(at time: String) async throws -> String? {
        try await text(
            "SELECT begun::text AS text FROM agentctl.run_schedules(($1 || 'Z')::timestamptz)",
            [.text(time)]
        )
    }

    /// The runs of a schedule in order: `08:00 submitted`, `08:01-08:05 missed`, `08:06 submitted late`.
    func runs(of name: String = "s") async throws -> [String] {
        try await texts(
            """
            SELECT to_char(r.due_at AT TIME ZONE 'UTC', 'HH24:MI') || coalesce(to_char(r.through AT TIME ZONE 'UTC', '"-"HH24:MI'), '')
                || ' ' || r.outcome || CASE WHEN r.is_late THEN ' late' ELSE '' END AS text
            FROM agentctl.schedule_runs AS r WHERE r.schedule = $1 ORDER BY r.due_at
            """,
            [.text(name)]
        )
    }

    /// Works off one conversation that is ready.
    func work(off conversation: String? = nil) async throws {
        let (worker, claim) = try await claim(conversation)
        guard let claim else { return }
        _ = try await work.finish(record(for: claim, reply: "x"), of: claim, worker: worker, claiming: 0)
    }
}
