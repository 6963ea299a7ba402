import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// Messages that are cancelled while they wait for their turn.
@Suite struct CancelledMessageTests {
    private static let status: PostgresStatement = """
        SELECT concat_ws(' ', seq, status, error_code, finished_at IS NOT NULL) AS text
        FROM generate_series(1, 3) AS n (seq) CROSS JOIN LATERAL agentctl.submission_status('c', n.seq) ORDER BY seq
        """

    @Test func aMessageThatWaitsIsNotAnsweredAndThoseBehindItAre() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            for message in ["What is 1+1?", "What is 2+2?", "What is 3+3?"] {
                _ = try await bench.conversations.submit(.message(message), to: "c")
            }
            #expect(try await bench.conversations.cancel(2, of: "c"))
            #expect(try await !bench.conversations.cancel(2, of: "c"))
            // Whoever waits for it waits no longer.
            let summary = try await bench.conversations.summary(conversation: "c", seq: 2)
            #expect(summary?.status == .interrupted && summary?.errorCode == "cancelled")
            while try await bench.process() != nil {}
            #expect(
                try await bench.texts(Self.status)
                    == ["1 succeeded t", "2 cancelled cancelled t", "3 succeeded t"]
            )
            #expect(try await state(of: "reply('c', 2)", bench) == "AC005")
            #expect(try await bench.text("SELECT agentctl.reply('c', 3) AS text") == "It is 6.")
            #expect(
                try await bench.texts(
                    "SELECT content AS text FROM agentctl.message WHERE role = 'user' ORDER BY number"
                ) == ["What is 1+1?", "What is 3+3?"]
            )
            let told = "SELECT concat_ws(' ', seq, data ->> 'by') AS text FROM agentctl.events WHERE type = 'cancelled'"
            let who = try await bench.text("SELECT agentctl.account_name() AS text")
            #expect(try await bench.texts(PostgresStatement(told)) == ["2 \(try #require(who))"])
            // The file of such a conversation can be read again.
            let imported = "SELECT agentctl.import_conversation(agentctl.export_conversation('c'), 'd')"
            _ = try await bench.client.query(PostgresStatement(imported))
            let status = "SELECT status AS text FROM agentctl.submission_status('d', 2)"
            #expect(try await bench.text(PostgresStatement(status)) == "cancelled")
        }
    }

    @Test func whatHasBegunOrEndedOrIsNoMessageIsRefused() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            for message in ["one", "two"] { _ = try await bench.conversations.submit(.message(message), to: "c") }
            _ = try await bench.conversations.undo(1, of: "c")
            _ = try await bench.claim("c")
            _ = try await bench.conversations.steer("c", with: "more")
            for (seq, words) in [(1, "has begun"), (3, "is no message"), (4, "was sent into turn 1")] {
                let refusal = try await refusal(of: "cancel_message('c', \(seq))", bench)
                #expect(refusal?.sqlState == "AC003" && refusal?.message.contains(words) == true, "\(seq)")
            }
            #expect(try await state(of: "cancel_message('c', 9)", bench) == "AC002")
            #expect(try await state(of: "cancel_message('c', NULL)", bench) == "AC002")
            #expect(try await state(of: "cancel_message('c', 2)", bench) == nil)
            _ = try await bench.client.query("SELECT agentctl.submit_task('do it', agent => 'assistant')")
            let ofTask = try await refusal(of: "cancel_message('task:1', 1)", bench)
            #expect(ofTask?.hint?.contains("tasks cancel 1") == true)
        }
    }

    @Test func aClientCancelsItsOwnOnly() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            try await bench.withUser(in: "agentctl_client") { ada in
                let submitted = try await ada.state(of: "SELECT agentctl.submit('c', 'hi')")
                #expect(submitted == nil)
                try await bench.withUser(in: "agentctl_client") { eve in
                    let other = try await eve.state(of: "SELECT agentctl.cancel_message('\(ada.name)/c', 1)")
                    #expect(other == "AC002")
                }
                for role in ["agentctl_reader", "agentctl_approver"] {
                    try await bench.withUser(in: role) { user in
                        let refused = try await user.state(of: "SELECT agentctl.cancel_message('\(ada.name)/c', 1)")
                        #expect(refused == "42501")
                    }
                }
                let cancelled = try await ada.state(of: "SELECT agentctl.cancel_message('c', 1)")
                #expect(cancelled == nil)
                let status = try await ada.texts("SELECT status AS text FROM agentctl.submission_status('c', 1)")
                #expect(status == ["cancelled"])
            }
        }
    }

    private func refusal(of call: String, _ bench: Bench) async throws -> PostgresError? {
        do throws(PostgresError) {
            _ = try await bench.client.query(PostgresStatement("SELECT agentctl.\(call)"))
        } catch {
            return error
        }
        return nil
    }

    private func state(of call: String, _ bench: Bench) async throws -> String? {
        try await refusal(of: call, bench)?.sqlState
    }
}
