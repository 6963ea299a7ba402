import HTTP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct ServerSentEventsTests {
    @Test func eventsArriveOneByOne() async throws {
        let gate = MockGate()
        let sent = [
            ServerSentEvent(event: "a", data: "1\n2", id: "x"), ServerSentEvent(data: "3", id: "x"),
            ServerSentEvent(data: "4", id: "y", retry: .seconds(2)),
        ]
        try await withMockServer { _ in
            .events { writer in
                for event in sent {
                    try await gate.pass()
                    try await writer.write(event)
                }
            }
        } perform: { server in
            try await withHTTPClient { client in
                let response = try await client.execute(HTTPClientRequest(url: server.url))
                var events = response.body.serverSentEvents().makeAsyncIterator()
                for event in sent {
                    await gate.open()
                    #expect(try await events.next() == event)
                }
                #expect(try await events.next() == nil)
            }
        }
    }

    @Test func anEventThatIsTooLargeEndsTheTransfer() async throws {
        try await withMockServer { _ in
            .events { writer in
                while true { try await writer.write("data: 0123456789\n") }
            }
        } perform: { server in
            try await withHTTPClient { client in
                let response = try await client.execute(HTTPClientRequest(url: server.url))
                var count = 0
                let code = await httpErrorCode {
                    for try await _ in response.body.serverSentEvents(maximumEventBytes: 10_000) { count += 1 }
                }
                #expect(code == .bodyTooLarge)
                #expect(count == 0)
                try await server.disconnections(count: 1)
            }
        }
    }

    @Test func aStreamThatBreaksOffIsTruncatedAfterTheEventsThatCame() async throws {
        try await withMockServer { _ in
            .events { writer in
                try await writer.write(ServerSentEvent(data: "one"))
                try await writer.write("data: tw")
                try await writer.connection.close()
            }
        } perform: { server in
            try await withHTTPClient { client in
                let response = try await client.execute(HTTPClientRequest(url: server.url))
                var events: [ServerSentEvent] = []
                let code = await httpErrorCode {
                    for try await event in response.body.serverSentEvents() { events.append(event) }
                }
                #expect(code == .truncated)
                #expect(events == [ServerSentEvent(data: "one")])
            }
        }
    }
}
