import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// What is said of a turn whose worker gives no sign of life, before another takes over.
@Suite struct LostWorkerTests {
    private static let saying: [PostgresStatement] = [
        "SELECT error_message AS text FROM agentctl.submission_status('c', 1) WHERE error_code = 'worker_lost'",
        "SELECT error_message AS text FROM agentctl.tree('c', 1) WHERE error_code = 'worker_lost'",
        "SELECT worker_lost AS text FROM agentctl.conversations WHERE worker_lost IS NOT NULL",
        "SELECT t ->> 'error_message' AS text FROM agentctl.trace_turn('c') AS t WHERE t ->> 'error_code' = 'worker_lost'",
        "SELECT s ->> 'worker_lost' AS text FROM agentctl.show_conversation('c') AS s WHERE s ->> 'worker_lost' <> ''",
    ]

    @Test func aTurnWhoseWorkerIsLostSaysSoUntilAnotherHasIt() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            _ = try await bench.conversations.submit(.message("hi"), to: "c")
            let lost = try await bench.claim("c").worker
            for statement in Self.saying { #expect(try await bench.texts(statement) == [], "\(statement.sql)") }

            try await bench.script("UPDATE agentctl.worker SET heartbeat_at = '2026-01-02 03:04:05+00'")
            let alone =
                "worker \(lost) is lost, without a sign of life since 2026-01-02 03:04:05 UTC; "
                + "no other worker runs: one that starts takes over"
            for statement in Self.saying { #expect(try await bench.texts(statement) == [alone], "\(statement.sql)") }

            // It is no secret of a worker's what becomes of a client's message.
            _ = try await bench.work.startWorker(WorkerDescription(kind: .service, slots: 1))
            for statement in Self.saying {
                let text = try await bench.texts(statement).first
                #expect(text?.hasSuffix("; another takes over in a few seconds") == true, "\(statement.sql)")
            }
            _ = try await bench.work.reap()
            for statement in Self.saying { #expect(try await bench.texts(statement) == [], "\(statement.sql)") }
            #expect(try await bench.text("SELECT status AS text FROM agentctl.submission_status('c', 1)") == "queued")
        }
    }

    @Test func whoMayNotSeeWorkersIsToldOfItsOwn() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.withUser(in: "agentctl_client") { ada in
                let submitted = try await ada.state(of: "SELECT agentctl.submit('c', 'hi')")
                #expect(submitted == nil)
                _ = try await bench.claim("\(ada.name)/c")
                try await bench.script("UPDATE agentctl.worker SET heartbeat_at = '-infinity'")
                let own = try await ada.texts("SELECT worker_lost AS text FROM agentctl.own_conversations")
                #expect(own.count == 1 && own[0].contains("is lost"))
                try await bench.withUser(in: "agentctl_reader") { rita in
                    let all = try await rita.texts("SELECT error_code AS text FROM agentctl.submissions")
                    #expect(all == ["worker_lost"])
                }
            }
        }
    }
}
