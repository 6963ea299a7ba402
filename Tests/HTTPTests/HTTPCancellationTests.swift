import HTTP
import TestSupport
import Testing

@Suite("HTTP cancellation and shutdown", .timeLimit(.minutes(5)))
struct HTTPCancellationTests {
    @Test("cancelling the wait for the head ends the connection")
    func cancelBeforeHead() async throws {
        try await withMockServer { _ in
            .hang
        } perform: { server in
            try await withHTTPClient { client in
                let code = try await withThrowingTaskGroup { group in
                    group.addTask {
                        await httpErrorCode { _ = try await client.execute(HTTPClientRequest(url: server.url)) }
                    }
                    _ = try await server.requests(count: 1)
                    group.cancelAll()
                    return try await group.next() ?? nil
                }
                #expect(code == .cancelled)
                try await server.disconnections(count: 1)
            }
        }
    }

    @Test("cancelling the reader of the body ends the connection")
    func cancelInBody() async throws {
        let read = MockGate()
        try await withMockServer { _ in
            .hang(after: Array("half".utf8))
        } perform: { server in
            try await withHTTPClient { client in
                let code = try await withThrowingTaskGroup { group in
                    group.addTask {
                        await httpErrorCode {
                            for try await _ in try await client.execute(HTTPClientRequest(url: server.url)).body {
                                await read.open()
                            }
                        }
                    }
                    try await read.pass()
                    group.cancelAll()
                    return try await group.next() ?? nil
                }
                #expect(code == .cancelled)
                try await server.disconnections(count: 1)
            }
        }
    }

    @Test("a task that is cancelled already sends nothing")
    func cancelledBefore() async throws {
        try await withMockServer { _ in
            .text("ok")
        } perform: { server in
            try await withHTTPClient { client in
                let code = await withTaskGroup(of: HTTPClientError.Code?.self) { group in
                    group.cancelAll()
                    group.addTask {
                        await httpErrorCode { _ = try await client.execute(HTTPClientRequest(url: server.url)) }
                    }
                    return await group.next() ?? nil
                }
                #expect(code == .cancelled)
                #expect(await server.connectionCount == 0)
            }
        }
    }

    @Test("dropping an unread response ends the connection")
    func dropResponse() async throws {
        try await withMockServer { _ in
            .hang(after: Array("half".utf8))
        } perform: { server in
            try await withHTTPClient { client in
                _ = try await client.execute(HTTPClientRequest(url: server.url))
                try await server.disconnections(count: 1)
            }
        }
    }

    @Test("leaving the loop over a body ends the connection although the response lives on")
    func dropIterator() async throws {
        try await withMockServer { _ in
            .hang(after: Array("half".utf8))
        } perform: { server in
            try await withHTTPClient { client in
                let response = try await client.execute(HTTPClientRequest(url: server.url))
                for try await _ in response.body { break }
                try await server.disconnections(count: 1)
                #expect(response.status == 200)
            }
        }
    }

    @Test("shutting down ends what is going on and refuses what comes")
    func shutdown() async throws {
        try await withMockServer { request in
            request.path == "/body" ? .hang(after: Array("half".utf8)) : .hang
        } perform: { server in
            let client = HTTPClient()
            let response = try await client.execute(HTTPClientRequest(url: "\(server.url)/body"))
            let code = try await withThrowingTaskGroup { group in
                group.addTask {
                    await httpErrorCode { _ = try await client.execute(HTTPClientRequest(url: server.url)) }
                }
                _ = try await server.requests(count: 2)
                await client.shutdown()
                return try await group.next() ?? nil
            }
            #expect(code == .shutdown)
            #expect(await httpErrorCode { _ = try await response.collect() } == .shutdown)
            #expect(
                await httpErrorCode { _ = try await client.execute(HTTPClientRequest(url: server.url)) } == .shutdown
            )
            await client.shutdown()
            try await server.disconnections(count: 2)
        }
    }

    @Test("cancelling run() shuts down")
    func run() async throws {
        let client = HTTPClient()
        await withTaskGroup { group in
            group.addTask { await client.run() }
            group.cancelAll()
        }
        let code = await httpErrorCode { _ = try await client.execute(HTTPClientRequest(url: "http://localhost")) }
        #expect(code == .shutdown)
    }

    @Test("a response keeps its client working after the last other reference has gone")
    func responseOutlivesClient() async throws {
        let gate = MockGate()
        try await withMockServer { _ in
            .stream { writer in
                try await gate.pass()
                try await writer.write("late")
            }
        } perform: { server in
            let response = try await HTTPClient().execute(HTTPClientRequest(url: server.url))
            await gate.open()
            #expect(try await response.collect() == Array("late".utf8))
        }
    }
}
