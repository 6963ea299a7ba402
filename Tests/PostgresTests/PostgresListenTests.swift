import EmbeddedPostgres
import TestSupport
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(5)))
struct PostgresListenTests {
    @Test func notificationsOfTheChannelsArriveInOrderUnderAnyName() async throws {
        try await withClient { client in
            let channels = ["work", "Über \"uns\""]
            var events = client.listen(to: channels).makeAsyncIterator()
            #expect(await events.next(isolation: nil) == .connected)
            for (channel, payload) in [(channels[0], "1"), (channels[1], "ä"), ("other", "x"), (channels[0], "")] {
                try await client.query("SELECT pg_notify($1, $2)", [.text(channel), .text(payload)])
            }
            #expect(await events.next(isolation: nil) == .notification(channel: "work", payload: "1"))
            #expect(await events.next(isolation: nil) == .notification(channel: "Über \"uns\"", payload: "ä"))
            #expect(await events.next(isolation: nil) == .notification(channel: "work", payload: ""))
        }
    }

    @Test func aConnectionThatBreaksIsReplacedAndTheListenerIsTold() async throws {
        try await withClient { client in
            var events = client.listen(to: ["work"]).makeAsyncIterator()
            for round in 1...3 {
                #expect(await events.next(isolation: nil) == .connected)
                try await client.query("SELECT pg_notify('work', $1)", [.text("\(round)")])
                #expect(await events.next(isolation: nil) == .notification(channel: "work", payload: "\(round)"))
                try await client.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND query LIKE 'LISTEN%'
                    """
                )
            }
            #expect(await events.next(isolation: nil) == .connected)
        }
    }

    @Test func aServerThatIsNotThereYetIsWaitedFor() async throws {
        try await withCluster { cluster in
            try await cluster.server.stop()
            try await withClient(url: cluster.url()) { client in
                let connected = Task {
                    for await event in client.listen(to: ["work"]) { return event }
                    return .notification(channel: "none", payload: "")
                }
                _ = try await cluster.server.start()
                #expect(await connected.value == .connected)
            }
        }
    }

    @Test func theIterationEndsWithTheTaskAndItsConnectionIsClosed() async throws {
        try await withClient { client in
            let (connected, signal) = AsyncStream<Void>.makeStream()
            let task = Task {
                var count = 0
                for await _ in client.listen(to: ["work"]) {
                    count += 1
                    signal.yield()
                }
                return count
            }
            for await _ in connected { break }
            task.cancel()
            #expect(await task.value == 1)
            try await expectNoListener(client)
        }
    }

    @Test func leavingTheIterationClosesTheConnection() async throws {
        try await withClient { client in
            for await event in client.listen(to: ["work"]) {
                #expect(event == .connected)
                break
            }
            try await expectNoListener(client)
        }
    }

    @Test func theIterationEndsWithTheClient() async throws {
        try await withDatabase { url in
            let client = PostgresClient(try PostgresConfiguration(url: url), logger: .silent)
            let (connected, signal) = AsyncStream<Void>.makeStream()
            let task = Task {
                for await _ in client.listen(to: ["work"]) { signal.yield() }
            }
            for await _ in connected { break }
            await client.shutdown()
            await task.value
            var late = client.listen(to: ["work"]).makeAsyncIterator()
            #expect(await late.next(isolation: nil) == nil)
        }
    }

    @Test func aListenerThatLagsBehindIsToldToReadEverythingAgain() async {
        let events = PostgresListenEvents()
        for number in 0...PostgresListenEvents.capacity {
            events.add(.notification(channel: "work", payload: "\(number)"))
        }
        events.add(.notification(channel: "work", payload: "last"))
        events.finish()
        #expect(await events.next() == .connected)
        #expect(await events.next() == .notification(channel: "work", payload: "last"))
        #expect(await events.next() == nil)
    }

    private func expectNoListener(_ client: PostgresClient) async throws {
        try await client.wait(
            for: """
                SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'
                """
        )
    }
}
