import HTTP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct HTTPCancellationTests {
    @Test func cancellingTheWaitForTheHeadEndsTheConnection() async throws {
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

    @Test func cancellingTheReaderOfTheBodyEndsTheConnection() async throws {
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

    @Test func aTaskThatIsCancelledAlreadySendsNothing() async throws {
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

    @Test func droppingAnUnreadResponseEndsTheConnection() async throws {
        try await withMockServer { _ in
            .hang(after: Array("half".utf8))
        } perform: { server in
            try await withHTTPClient { client in
                _ = try await client.execute(HTTPClientRequest(url: server.url))
                try await server.disconnections(count: 1)
            }
        }
    }

    @Test func leavingTheLoopOverABodyEndsTheConnectionAlthoughTheResponseLivesOn() async throws {
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

    @Test func shuttingDownEndsWhatIsGoingOnAndRefusesWhatComes() async throws {
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

    @Test func cancellingRunShutsDown() async throws {
        let client = HTTPClient()
        await withTaskGroup { group in
            group.addTask { await client.run() }
            group.cancelAll()
        }
        let code = await httpErrorCode { _ = try await client.execute(HTTPClientRequest(url: "http://localhost")) }
        #expect(code == .shutdown)
    }

    @Test func aResponseKeepsItsClientWorkingAfterTheLastOtherReferenceHasGone() async throws {
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
