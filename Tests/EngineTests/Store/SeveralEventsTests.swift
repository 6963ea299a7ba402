import Conversation
import JSON
import Postgres
import TestSupport
import Testing

@testable import Engine
@testable import Store

/// The events of a turn are one row, and are read one by one.
@Suite struct SeveralEventsTests {
    /// Stores a turn with events in a conversation.
    private func store(_ events: [EventRecord], in conversation: String, _ bench: Bench) async throws {
        _ = try await bench.conversations.submit(.message("hello"), to: conversation)
        let (worker, claimed) = try await bench.claim(conversation)
        let claim = try #require(claimed)
        var record = bench.record(for: claim, reply: "hi")
        record.events = events
        #expect(try await bench.work.finish(record, of: claim, worker: worker, claiming: 0).stored)
    }

    private static let plain: [EventRecord] = [
        EventRecord(.turnStarted(agent: "a", version: 1), message: 1), EventRecord(.message, message: 2),
        EventRecord(
            .turnComplete(
                .init(status: .succeeded, inputTokens: 5, outputTokens: 6, cost: 0.000012, milliseconds: 1.5)
            )
        ),
    ]

    @Test func eachIsReadAsItWasWritten() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            let several = EventCodecTests.samples.filter { $0.kind.members != nil }
            #expect(Set(several.map(\.kind)).count == Event.Kind.allCases.count { $0.members != nil })
            // With one that others look for by its type, each has a row of its own.
            for (conversation, events) in [("one", several), ("many", several + [.interrupted])] {
                try await store(events.map { EventRecord($0) }, in: conversation, bench)
                let rows = try await bench.client.query(
                    "SELECT number, type, data FROM agentctl.events($1)",
                    [.text(conversation)]
                )
                let read = try rows.map { row in
                    (
                        try row.decode("number", as: Int64.self), try row.decode("type", as: String.self),
                        try row.decode("data", as: JSONValue.self)
                    )
                }
                #expect(read.map(\.0) == (1...Int64(events.count)).map { $0 })
                #expect(read.map { Event(type: $0.1, data: $0.2) } == events)
                #expect(read.map(\.2) == events.map { .object($0.data) })
                let stored = try await bench.text(
                    "SELECT count(*)::text AS text FROM agentctl.event WHERE conversation_id = $1",
                    [.text(conversation)]
                )
                #expect(stored == (conversation == "one" ? "1" : "\(events.count)"))
            }
        }
    }

    @Test func everyPageBeginsWhereTheLastEnded() async throws {
        try await withBench { bench in
            try await bench.register(Documents.offline)
            for _ in 0..<3 { try await store(Self.plain, in: "c", bench) }
            // As rows were before there were several events in one.
            try await bench.script(
                """
                UPDATE agentctl.event SET type = 'message', number = 4, data = '{"message": 3}' WHERE number = 6;
                INSERT INTO agentctl.event (conversation_id, number, seq, type, data)
                VALUES ('c', 5, 2, 'message', '{"message": 4}'), ('c', 6, 2, 'interrupted', '{}');
                """
            )
            let all = try await bench.texts(
                "SELECT concat_ws(' ', number, seq, type, data, at) AS text FROM agentctl.events('c')"
            )
            #expect(all.map { String($0.prefix { $0 != " " }) } == (1...9).map(String.init))
            #expect(all.map { String($0.split(separator: " ")[1]) } == [1, 1, 1, 2, 2, 2, 3, 3, 3].map(String.init))
            #expect(all[4].contains("\"content\": \"hi\"") && all[7].contains("\"content\": \"hi\""))
            for after in 0...9 {
                for maximum in 1...9 {
                    let page = try await bench.texts(
                        "SELECT concat_ws(' ', number, seq, type, data, at) AS text FROM agentctl.events('c', $1, $2::integer)",
                        [.integer(Int64(after)), .integer(Int64(maximum))]
                    )
                    #expect(page == Array(all.dropFirst(after).prefix(maximum)), "\(after) \(maximum)")
                }
                let followed = try await bench.texts(
                    "SELECT number::text AS text FROM agentctl.follow('c', 3, $1, 0, 0)",
                    [.integer(Int64(after))]
                )
                #expect(followed == (max(after, 6)..<9).map { String($0 + 1) })
            }
            // Months that were dropped are a gap at the beginning.
            _ = try await bench.client.query("DELETE FROM agentctl.event WHERE number <= 6")
            let rest = try await bench.texts("SELECT number::text AS text FROM agentctl.events('c', 0, 2)")
            #expect(rest == ["7", "8"])
        }
    }
}
