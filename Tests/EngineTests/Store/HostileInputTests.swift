import JSON
import Postgres
import TestSupport
import Testing

@testable import Conversation
@testable import Definitions
@testable import Engine
@testable import Store
@testable import Tools

/// Input that somebody sends to do harm, or by an accident that does the same.
@Suite struct HostileInputTests {
    @Test(arguments: [
        ("input => (repeat('[', 1000) || repeat(']', 1000))::jsonb", "AC001"),
        ("input => '{\"a\": [1e400]}'", "AC001"), ("input => '{\"a\": -1e309}'", "AC001"),
        ("message => 'x', priority => 40000", "AC001"), ("message => 'x', priority => NULL", "AC001"),
        ("input => '{\"a\": [{\"b\": [1.5e300, \"x\", null, true, 1e-400]}]}'", nil),
    ])
    func whatNoWorkerCouldReadIsRefused(_ arguments: String, _ state: String?) async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            var found: String?
            do throws(PostgresError) {
                _ = try await bench.client.query(PostgresStatement("SELECT agentctl.submit('c', \(arguments))"))
            } catch {
                found = error.sqlState
            }
            #expect(found == state)
            guard state == nil else { return }
            #expect(try await bench.claim().claim?.defect == nil)
        }
    }

    @Test func aSubmissionThatCannotBeReadFailsAloneAndOnce() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            for conversation in ["bad", "good"] {
                _ = try await bench.conversations.submit(.message("hello"), to: conversation)
            }
            _ = try await bench.client.query(
                """
                UPDATE agentctl.submission SET body = ('{"input":' || repeat('[', 1000) || repeat(']', 1000) || '}')::jsonb
                WHERE conversation_id = 'bad'
                """
            )
            let worker = try await bench.work.startWorker(WorkerDescription(kind: .service, slots: 2)).id
            let claims = try await bench.work.claim(worker: worker, maximum: 2)
            #expect(claims.map { $0.defect == nil } == claims.map { $0.conversation == "good" })
            #expect(claims.count == 2)
            let loop = TurnLoop(registry: bench.registry, services: ToolServices(), maximumAttempts: 5)
            for claim in claims {
                let journal = TurnJournal(store: bench.work, claim: claim, logger: .silent)
                let record = await loop.run(claim, journal: journal) { _ in }.record
                _ = try await bench.work.finish(record, of: claim, worker: worker, claiming: 0)
            }
            let turns = try await bench.texts(
                "SELECT concat_ws(' ', conversation_id, status, error_code) AS text FROM agentctl.turn ORDER BY 1"
            )
            #expect(turns == ["bad failed submission_unreadable", "good succeeded"])
        }
    }

    @Test func keysThatLookLikePathsAreUnknownKeys() async throws {
        try await withBench { bench in
            let document = try JSONValue(
                parsing: #"""
                    {"kind": "model", "name": "m", "provider": "rules", "rules": [{"otherwise": "x"}],
                     "prices.input": 1, "rules[].when": "x", "": {"name": "n"}}
                    """#
            )
            let mistakes = try await bench.definitions.problems(in: [document])
            #expect(
                mistakes.map { "\($0.path) \($0.problem)" } == [
                    "\"\" is unknown", "\"prices.input\" is unknown", "\"rules[].when\" is unknown",
                ]
            )
        }
    }

    @Test func anIntegerIsWrittenAsOne() async throws {
        try await withBench { bench in
            let error = await #expect(throws: StoreError.self) {
                try await bench.register(
                    #"{"kind": "model", "name": "m", "provider": "rules", "rules": [{"otherwise": "x"}], "context_window": 256.0}"#
                )
            }
            #expect(error?.code == .invalid)
            try await bench.register(Documents.offline)
            #expect(try await bench.texts("SELECT name AS text FROM agentctl.models") == ["offline"])
        }
    }

    @Test func aMistypedNameIsCheap() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.client.query(
                """
                SELECT agentctl.register((
                    SELECT jsonb_agg(jsonb_build_object('kind', 'agent', 'model', 'offline',
                        'name', 'an-agent-with-a-name-that-is-as-long-as-a-name-may-be-number-' || n))
                    FROM generate_series(1, 300) AS n))
                """
            )
            // It took minutes before; the limit is there to notice that, not to measure.
            let error = await #expect(throws: PostgresError.self) {
                try await bench.client.query(
                    "SELECT agentctl.submit('c', 'x', agent => repeat('Z', 5000000))",
                    timeout: .seconds(20)
                )
            }
            #expect(error?.sqlState == "AC002")
            let distances = try await bench.text(
                """
                SELECT concat_ws(' ', agentctl.edit_distance('kitten', 'Sitting'), agentctl.edit_distance('', 'abc'),
                    agentctl.edit_distance('abc', ''), agentctl.edit_distance('same', 'same', 0),
                    coalesce(agentctl.edit_distance('abc', 'abd', 0)::text, 'far')) AS text
                """
            )
            #expect(distances == "3 3 3 0 far")
        }
    }
}
