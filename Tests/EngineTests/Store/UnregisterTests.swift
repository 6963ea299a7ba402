import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// Agents are taken out of force when nothing needs them.
@Suite struct UnregisterTests {
    private static let others = """
        [{"kind": "agent", "name": "helper", "model": "offline", "access": "everyone"},
         {"kind": "agent", "name": "boss", "model": "offline", "delegates": ["helper"]},
         {"kind": "chain", "name": "line", "strategy": "sequential", "stages": [{"agent": "helper"}]},
         {"kind": "schedule", "name": "daily", "cron": "0 3 * * *", "agent": "helper", "message": "hi"}]
        """

    private func refusal(_ bench: Bench, isRehearsal: Bool = false) async throws -> String? {
        do throws(StoreError) {
            try await bench.definitions.unregister(kind: "agent", name: "helper", isRehearsal: isRehearsal)
        } catch {
            return error.message
        }
        return nil
    }

    @Test func whatRefersToAnAgentIsNamed() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(Self.others)
            #expect(try await refusal(bench) == #"agent "helper" is used by agent boss, chain line, schedule daily"#)
            for (kind, name) in [("agent", "boss"), ("chain", "line"), ("schedule", "daily")] {
                try await bench.definitions.unregister(kind: kind, name: name)
            }
            try await bench.script("UPDATE agentctl.setting SET value = 'helper' WHERE name = 'default_agent'")
            #expect(try await refusal(bench) == #"agent "helper" is named by the setting default_agent"#)
        }
    }

    @Test func whatIsSubmittedAndNotCommittedKeepsAnAgentAndItsSessionIsNamed() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(
                #"[{"kind": "agent", "name": "helper", "model": "offline", "access": "everyone"}]"#
            )
            try await bench.client.withConnection { other in
                try await other.executeScript("BEGIN; SELECT agentctl.submit('c', 'hi', 'helper')")
                let process = try await other.query("SELECT pg_backend_pid()::text AS text")[0].decode(
                    "text",
                    as: String.self
                )
                let kept = try await refusal(bench)
                #expect(kept?.hasPrefix(#"agent "helper" stays: another transaction"#) == true, "\(kept ?? "")")
                #expect(kept?.contains("process \(process) of user ") == true, "\(kept ?? "")")
                try await other.executeScript("ROLLBACK")
            }
            #expect(try await refusal(bench) == nil)
        }
    }

    /// It takes as long as the transaction, and nobody who submits meanwhile has to wait for it.
    @Test func aTransactionThatEndsIsWaitedForAndOthersSubmitMeanwhile() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(#"[{"kind": "agent", "name": "helper", "model": "offline"}]"#)
            try await bench.client.withConnection { other in
                try await other.executeScript("BEGIN; SELECT agentctl.submit('c', 'hi')")
                async let kept = refusal(bench)
                try await bench.untilOneIsBlocked()
                _ = try await bench.conversations.submit(.message("hi"), to: "d")
                try await other.executeScript("COMMIT")
                let reason = try await kept
                #expect(reason == nil, "\(reason ?? "")")
            }
        }
    }

    @Test(arguments: ["delegates", "delegate_capabilities"])
    func anAgentThatCouldNeverDelegateIsRefused(_ list: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            func document(_ depth: Int) -> String {
                #"[{"kind": "agent", "name": "boss", "model": "offline", "\#(list)": ["assistant"], "max_chain_depth": \#(depth)}]"#
            }
            let error = await #expect(throws: StoreError.self) { try await bench.register(document(0)) }
            #expect(error?.code == .invalid && error?.message.contains("max_chain_depth is 0, and \(list)") == true)
            try await bench.register(document(1))
        }
    }

    @Test func whatAnAgentHasToDoIsNamedAndWhatItDidStays() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(
                #"[{"kind": "agent", "name": "helper", "model": "offline", "access": "everyone"}]"#
            )
            _ = try await bench.conversations.submit(.message("hi"), to: "c", agent: "helper")
            _ = try await bench.client.query(
                """
                SELECT agentctl.submit_task('x', agent => 'helper',
                    depends_on => ARRAY[agentctl.submit_task('y', agent => 'assistant')])
                """
            )
            #expect(try await refusal(bench) == #"agent "helper" has work to do: task 2, turn c/1"#)
            while try await bench.process() != nil {}
            #expect(try await refusal(bench, isRehearsal: true) == nil)
            let inForce: PostgresStatement = "SELECT name AS text FROM agentctl.agents WHERE name = 'helper'"
            #expect(try await bench.texts(inForce) == ["helper"])
            #expect(try await refusal(bench) == nil)
            #expect(try await bench.texts(inForce) == [])
            #expect(try await bench.text("SELECT agentctl.reply('c', 1) AS text") == "Hello.")
            #expect(
                try await bench.text(
                    "SELECT count(*)::text AS text FROM agentctl.definition_versions WHERE name = 'helper'"
                ) == "1"
            )
            // Another message fails and says why; the agent's return mends it.
            _ = try await bench.conversations.submit(.message("again"), to: "c")
            while try await bench.process() != nil {}
            #expect(
                try await bench.text("SELECT error_code AS text FROM agentctl.submission_status('c', 2)")
                    == "agent_not_found"
            )
            _ = try await bench.client.query("SELECT agentctl.publish('helper', 1)")
            _ = try await bench.conversations.retry("c")
            while try await bench.process() != nil {}
            let status = "SELECT status AS text FROM agentctl.submission_status('c', 4)"
            #expect(try await bench.text(PostgresStatement(status)) == "succeeded")
        }
    }

    /// Whoever settles a task has its row, and writes a submission next.
    @Test func whoWritesASubmissionAfterATaskIsNotInItsWay() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(#"[{"kind": "agent", "name": "helper", "model": "offline"}]"#)
            try await bench.client.withConnection { other in
                try await other.executeScript("BEGIN; LOCK TABLE agentctl.task IN ROW EXCLUSIVE MODE")
                async let kept = refusal(bench)
                try await bench.eventually(
                    """
                    SELECT (count(*) > 0)::text AS text FROM pg_stat_activity
                    WHERE state = 'active' AND pid <> pg_backend_pid() AND datname = current_database()
                      AND query LIKE '%agentctl.unregister(%'
                    """
                )
                try await other.executeScript("LOCK TABLE agentctl.submission IN ROW EXCLUSIVE MODE; COMMIT")
                let reason = try await kept
                #expect(reason == nil, "\(reason ?? "")")
            }
        }
    }

    @Test func aRehearsalIsInNobodysWay() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(
                #"[{"kind": "agent", "name": "helper", "model": "offline", "access": "everyone"}]"#
            )
            try await bench.client.withConnection { other in
                try await other.executeScript("BEGIN; SELECT agentctl.unregister('helper', 'agent', dry_run => true)")
                let locks = try await bench.text(
                    """
                    SELECT count(*)::text AS text FROM pg_locks
                    WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND mode IN ('ShareLock', 'ShareRowExclusiveLock') AND relation IN (
                        'agentctl.submission'::regclass, 'agentctl.task'::regclass, 'agentctl.definition'::regclass)
                    """
                )
                #expect(locks == "0")
                try await other.executeScript("ROLLBACK")
            }
        }
    }

    @Test func whoSeesAnEarlierStateTakesNoAgentOut() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(#"[{"kind": "agent", "name": "helper", "model": "offline"}]"#)
            try await bench.client.withConnection { other in
                try await other.executeScript("BEGIN ISOLATION LEVEL REPEATABLE READ")
                await #expect(throws: (any Error).self) {
                    try await other.executeScript("SELECT agentctl.unregister('helper', 'agent')")
                }
                try await other.executeScript("ROLLBACK")
            }
        }
    }

    @Test(arguments: [("agent", "helper"), ("function", "f")])
    func whatARuleOfAPolicyNamesIsUsed(_ kind: String, _ name: String) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.register(
                """
                [{"kind": "agent", "name": "helper", "model": "offline"},
                 {"kind": "function", "name": "f", "source": "def f():\\n    return 1"},
                 {"kind": "policy", "name": "careful", "rules": [
                    {"tool": "calc*|f", "agent": ["helper"], "action": "deny"}, {"tool": "*", "action": "allow"}]}]
                """
            )
            let error = await #expect(throws: StoreError.self) {
                try await bench.definitions.unregister(kind: kind, name: name)
            }
            #expect(error?.message == "\(kind) \"\(name)\" is used by policy careful")
            try await bench.register(
                #"[{"kind": "policy", "name": "careful", "rules": [{"tool": "*", "action": "allow"}]}]"#
            )
            try await bench.definitions.unregister(kind: kind, name: name)
        }
    }
}
