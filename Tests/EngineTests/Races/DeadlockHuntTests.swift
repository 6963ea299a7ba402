import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Engine
@testable import Store

/// Eight sessions that do at random, in an order that a seed decides, whatever can be done to a few conversations.
@Suite struct DeadlockHuntTests {
    private static let sessions = 8
    private static let operations = 25
    /// Conversations that stay, and such that are deleted again and again.
    private static let (kept, passing) = (["c0", "c1", "c2"], ["d0", "d1", "d2"])

    /// A message that was acknowledged.
    private struct Accepted: Sendable {
        let conversation: String
        let seq: Int64
        let text: String
    }

    /// A statement of a session.
    private enum Action {
        case submit(String, String)
        case other(String)
    }

    @Test(arguments: [7, 8]) func whateverIsDoneAtOnceNothingIsLostAndNoLockIsForEver(seed: UInt64) async throws {
        try await Bench.withDelegates { bench in
            try await bench.register(Self.asking)
            try await bench.working(.init(slots: 4)) {
                let accepted = try await withThrowingTaskGroup(of: [Accepted].self) { group in
                    for number in 0..<Self.sessions {
                        group.addTask { try await session(number, seed: seed, bench) }
                    }
                    return try await group.reduce(into: []) { $0 += $1 }
                }
                try await settle(bench)
                #expect(accepted.count > Self.sessions)
                for message in accepted {
                    let stored = try await bench.text(
                        """
                        SELECT count(*)::text AS text FROM agentctl.submission
                        WHERE conversation_id = $1 AND seq = $2 AND body ->> 'message' = $3
                        """,
                        [.text(message.conversation), .integer(message.seq), .text(message.text)]
                    )
                    #expect(stored == "1", "\(message)")
                }
            }
            for statement in Self.invariants {
                let broken = try await bench.texts(PostgresStatement(statement))
                #expect(broken == [], "\(statement)")
            }
            // Counted when a session ends: those of the worker and of this test are over.
            await bench.client.shutdown()
            try await withBench(url: bench.url) { after in
                try await after.eventually(
                    """
                    SELECT (NOT EXISTS (SELECT FROM pg_stat_activity
                        WHERE datname = current_database() AND application_name <> '' AND pid <> pg_backend_pid()
                          AND backend_type = 'client backend' AND state = 'active'))::text AS text
                    """
                )
                let deadlocks = try await after.text(
                    "SELECT deadlocks::text AS text FROM pg_stat_database WHERE datname = current_database()"
                )
                #expect(deadlocks == "0")
            }
        }
    }

    /// An agent whose calls an operator is asked about, and which delegates.
    private static let asking = """
        [{"kind": "model", "name": "hunted", "provider": "rules", "rules": [
            {"when": "tasks$", "call": {"tool": "delegate", "arguments": {"tasks": [
                {"agent": "Searcher", "task": "search a"}, {"agent": "Analyst", "task": "analyze b"}]}}, "then": "done"},
            {"when": "asks$", "call": {"tool": "calculator", "arguments": {"expression": "1+1"}}, "then": "{{result}}"},
            {"otherwise": "Hello."}]},
         {"kind": "tool", "name": "calculator", "description": "Calculates.", "implementation": "calculator"},
         {"kind": "policy", "name": "asks", "rules": [{"tool": "calculator", "action": "ask"}]},
         {"kind": "agent", "name": "assistant", "model": "hunted", "tools": ["calculator"], "policies": ["asks"],
          "delegates": ["Searcher", "Analyst"], "chain_strategy": "parallel"}]
        """

    /// Refusals, each with its reason, and rows that somebody holds: nothing else may come of a statement.
    private static func isExpected(_ state: String?) -> Bool {
        state.map { $0.hasPrefix("AC00") || $0 == "55P03" } ?? true
    }

    private func session(_ number: Int, seed: UInt64, _ bench: Bench) async throws -> [Accepted] {
        var random = HistoryGenerator(seed: seed &* 1_000 &+ UInt64(number))
        var configuration = try PostgresConfiguration(url: bench.url)
        configuration.maximumConnections = 1
        let client = PostgresClient(configuration, logger: .silent)
        var accepted: [Accepted] = []
        for count in 0..<Self.operations {
            let action = Self.action(&random, name: "\(number)_\(count)")
            do throws(PostgresError) {
                switch action {
                case .other(let sql): _ = try await client.query(PostgresStatement(sql))
                case .submit(let conversation, let text):
                    let rows = try await client.query(
                        "SELECT agentctl.submit($1, $2) AS seq",
                        [.text(conversation), .text(text)]
                    )
                    guard Self.kept.contains(conversation), let row = rows.first else { continue }
                    accepted.append(Accepted(conversation: conversation, seq: try row.decode("seq"), text: text))
                }
            } catch {
                #expect(Self.isExpected(error.sqlState), "\(action): \(error)")
            }
        }
        await client.shutdown()
        return accepted
    }

    private static func action(_ random: inout HistoryGenerator, name: String) -> Action {
        let all = kept + passing
        let conversation = all[Int.random(in: 0..<all.count, using: &random)]
        let other = passing[Int.random(in: 0..<passing.count, using: &random)]
        let word = ["", " tasks", " asks"][Int.random(in: 0..<3, using: &random)]
        // One of the rows of a view, as each session sees it.
        func one(of rows: String, _ call: String) -> Action {
            .other("SELECT agentctl.\(call) FROM (SELECT id FROM agentctl.\(rows) ORDER BY random() LIMIT 1) AS a")
        }
        return switch Int.random(in: 0..<16, using: &random) {
        case 0..<5: .submit(conversation, "m\(name)\(word)")
        case 5: .other("SELECT agentctl.fork('\(conversation)', 'd\(name)')")
        case 6: .other("SELECT agentctl.delete_conversation('\(other)')")
        case 7: .other("SELECT agentctl.undo('\(conversation)')")
        case 8: .other("SELECT agentctl.steer('\(conversation)', 's\(name)')")
        case 9: .other("SELECT agentctl.interrupt('\(conversation)')")
        case 10: one(of: "pending_approvals", "approve(id)")
        case 11: one(of: "task WHERE finished_at IS NULL", "cancel_task(id)")
        case 12: .other("SELECT agentctl.prune('1 day')")
        case 13: .other("SELECT agentctl.reap(), agentctl.wake(), agentctl.tell_parents()")
        case 14:
            .other(
                """
                SELECT agentctl.submit_task('search \(name)', agent => 'Searcher', depends_on => ARRAY(
                    SELECT t.id FROM agentctl.task AS t WHERE t.parent_seq IS NULL ORDER BY random() LIMIT 2))
                """
            )
        default:
            // What nobody has used for two days goes with the next pruning.
            .other(
                """
                DO $$ BEGIN
                    PERFORM FROM agentctl.conversation_control WHERE conversation_id = '\(other)' FOR UPDATE SKIP LOCKED;
                    IF FOUND THEN
                        UPDATE agentctl.conversation SET created_at = now() - interval '2 days' WHERE id = '\(other)';
                        UPDATE agentctl.submission SET created_at = now() - interval '2 days'
                        WHERE conversation_id = '\(other)';
                        UPDATE agentctl.event SET at = at - interval '2 days' WHERE conversation_id = '\(other)';
                    END IF;
                END $$
                """
            )
        }
    }

    /// Decides about everything, until all is processed.
    private func settle(_ bench: Bench) async throws {
        try await TestSupport.eventually("everything to be processed", within: .seconds(120)) {
            for id in try await bench.texts("SELECT id::text AS text FROM agentctl.pending_approvals") {
                _ = try await bench.state(of: "SELECT agentctl.approve(\(id))")
            }
            return try await bench.text(
                """
                SELECT (NOT EXISTS (SELECT FROM agentctl.conversation_control WHERE state <> 'idle')
                    AND NOT EXISTS (SELECT FROM agentctl.task WHERE finished_at IS NULL OR NOT told))::text AS text
                """
            ) == "true"
        }
    }

    /// Statements that return what is broken.
    private static let invariants: [String] =
        [
            """
            SELECT format('%s has %s messages up to %s', conversation_id, count(*), max(number)) AS text
            FROM agentctl.message GROUP BY conversation_id HAVING count(*) <> max(number)
            """,
            """
            SELECT format('%s has %s events of %s', c.conversation_id, e.count, c.last_event) AS text
            FROM agentctl.conversation_control AS c CROSS JOIN LATERAL (
                SELECT count(*) FROM agentctl.events AS e WHERE e.conversation_id = c.conversation_id) AS e
            WHERE e.count <> c.last_event
            """,
            """
            SELECT format('%s/%s has no turn', s.conversation_id, s.seq) AS text FROM agentctl.submission AS s
            WHERE s.body ? 'message' AND s.taken_by IS NULL AND NOT EXISTS (
                SELECT FROM agentctl.turn AS t WHERE t.conversation_id = s.conversation_id AND t.seq = s.seq)
            """,
            "SELECT format('%s/%s %s', conversation_id, seq, error_message) AS text FROM agentctl.turn WHERE status = 'failed'",
        ]
        + ["submission", "message", "turn", "step", "tool_call", "event", "task"].map {
            """
            SELECT '\($0) of ' || r.conversation_id AS text FROM agentctl.\($0) AS r WHERE r.conversation_id IS NOT NULL
              AND NOT EXISTS (SELECT FROM agentctl.conversation AS v WHERE v.id = r.conversation_id)
            """
        }
}
