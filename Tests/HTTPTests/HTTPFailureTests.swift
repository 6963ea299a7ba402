import HTTP
import HTTPTypes
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct HTTPFailureTests {
    /// What executing a request and reading the whole response ends with.
    private func outcome(
        _ answer: MockResponse,
        _ change: (inout HTTPClientRequest) -> Void = { _ in }
    ) async throws -> (code: HTTPClientError.Code?, read: [UInt8]) {
        try await withMockServer { _ in
            answer
        } perform: { server in
            try await withHTTPClient { client in
                var request = HTTPClientRequest(url: server.url)
                change(&request)
                var read: [UInt8] = []
                let code = await httpErrorCode {
                    let response = try await client.execute(request)
                    for try await piece in response.body { read += piece }
                }
                return (code, read)
            }
        }
    }

    @Test func aBodyShorterThanItsLengthIsTruncatedAndWhatCameIsReadable() async throws {
        let outcome = try await outcome(.cut(after: Array("half".utf8), length: 8))
        #expect(outcome == (.truncated, Array("half".utf8)))
    }

    @Test func chunksWithoutTheLastOneAreTruncated() async throws {
        let outcome = try await outcome(.cutChunks(after: Array("half".utf8)))
        #expect(outcome == (.truncated, Array("half".utf8)))
    }

    @Test func aConnectionThatIsResetInsideTheBodyIsTruncated() async throws {
        let answer = MockResponse.stream { writer in
            try await writer.write("half")
            try await writer.connection.reset()
        }
        #expect(try await outcome(answer).code == .truncated)
    }

    @Test func aConnectionThatEndsInsideTheHeadIsTruncated() async throws {
        #expect(try await outcome(.garbage(Array("HTTP/1.1 200 OK\r\nContent-Le".utf8))).code == .truncated)
    }

    @Test func aConnectionThatEndsBeforeTheHeadIsATransportError() async throws {
        #expect(try await outcome(.garbage([])).code == .transport)
    }

    @Test(arguments: [
        "rubbish\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "\u{0}\u{1}\u{2}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nno colon here\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n",
    ]
    )
    func whatIsNoHTTPIsMalformed(_ text: String) async throws {
        #expect(try await outcome(.garbage(Array(text.utf8))).code == .malformed)
    }

    @Test func aHeadLargerThanAllowedIsMalformed() async throws {
        let header = HTTPField("X-Large", String(repeating: "x", count: 1000))
        let answer = MockResponse.text("", headers: HTTPFields(repeating: header, count: 10))
        #expect(try await outcome(answer) { $0.maximumHeadBytes = 5000 }.code == .malformed)
        #expect(try await outcome(answer) { $0.maximumHeadBytes = 20_000 }.code == nil)
    }

    @Test func aBodyOfTheLargestSizeIsReadOneByteMoreIsNot() async throws {
        #expect(try await outcome(.huge(byteCount: 100_000)) { $0.maximumBodyBytes = 100_000 }.code == nil)
        #expect(try await outcome(.huge(byteCount: 100_001)) { $0.maximumBodyBytes = 100_000 }.code == .bodyTooLarge)
        let endless = MockResponse.stream { writer in
            while true { try await writer.write([UInt8](repeating: 0, count: 10_000)) }
        }
        #expect(try await outcome(endless) { $0.maximumBodyBytes = 1 << 20 }.code == .bodyTooLarge)
    }

    @Test func nobodyListens() async throws {
        try await withHTTPClient { client in
            let code = await httpErrorCode {
                _ = try await client.execute(HTTPClientRequest(url: "http://127.0.0.1:1"))
            }
            #expect(code == .connect)
        }
    }

    @Test func aNameThatDoesNotExist() async throws {
        try await withHTTPClient { client in
            let code = await httpErrorCode {
                _ = try await client.execute(HTTPClientRequest(url: "http://does-not-exist.invalid"))
            }
            #expect(code == .resolve)
        }
    }

    @Test(arguments: [11, 23, 37, 53, 71])
    func aConnectionThatNobodyAcceptsEndsWithTheConnectTimeout(milliseconds: Int) async throws {
        let listener = try FullListener()
        defer { listener.close() }
        try await withHTTPClient { client in
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(listener.port)/")
            request.connectTimeout = .milliseconds(milliseconds)
            let code = await httpErrorCode { _ = try await client.execute(request) }
            #expect(code == .timeoutConnect)
        }
    }

    @Test func silenceBeforeTheHeadEndsWithTheIdleTimeout() async throws {
        #expect(try await outcome(.hang) { $0.idleTimeout = .milliseconds(50) }.code == .timeoutIdle)
    }

    /// What was sent long ago is no activity: the total timeout would strike first.
    @Test func anUploadThatIsOverDoesNotDoubleTheIdleTimeout() async throws {
        let outcome = try await outcome(.hang) {
            $0.method = .post
            $0.body = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000)
            $0.idleTimeout = .seconds(2)
            $0.totalTimeout = .milliseconds(3_900)
        }
        #expect(outcome.code == .timeoutIdle)
    }

    @Test func silenceInsideTheBodyEndsWithTheIdleTimeoutAndWhatCameIsReadable() async throws {
        let outcome = try await outcome(.hang(after: Array("half".utf8))) { $0.idleTimeout = .seconds(2) }
        #expect(outcome == (.timeoutIdle, Array("half".utf8)))
    }

    @Test func aSlowBodyThatKeepsMovingDoesNotEndWithTheIdleTimeout() async throws {
        let pieces = (0..<10).map { "\($0)" }
        let outcome = try await outcome(.drip(pieces, every: .milliseconds(400))) {
            $0.idleTimeout = .seconds(3)
        }
        #expect(outcome == (nil, Array("0123456789".utf8)))
    }

    @Test func aBodyThatKeepsMovingForTooLongEndsWithTheTotalTimeout() async throws {
        let endless = MockResponse.drip(Array(repeating: "x", count: 100_000), every: .milliseconds(5))
        #expect(try await outcome(endless) { $0.totalTimeout = .milliseconds(200) }.code == .timeoutTotal)
        #expect(try await outcome(.hang) { $0.totalTimeout = .milliseconds(50) }.code == .timeoutTotal)
    }

    @Test func aRequestThatMayBeRepeatedIsSentAgainWhenAKeptConnectionDiesUnderIt() async throws {
        try await withHTTPClient { client in
            let deaths = Mutex(0)
            try await withMockServer { request in
                guard request.path == "/die" else { return .text("ok") }
                let isFirst = deaths.withLock { count in
                    count += 1
                    return count == 1
                }
                return isFirst ? .garbage([]) : .text("alive")
            } perform: { server in
                _ = try await client.execute(HTTPClientRequest(method: .post, url: server.url)).collect()
                var request = HTTPClientRequest(method: .post, url: "\(server.url)/die", body: Array("once".utf8))
                request.isRepeatable = true
                #expect(try await client.execute(request).collect() == Array("alive".utf8))
                #expect(await server.requests.map(\.text) == ["", "once", "once"])
            }
        }
    }

    @Test func aRequestThatIsNotIdempotentIsNotSentAgainWhenAKeptConnectionDiesUnderIt() async throws {
        for (method, count) in [(HTTPRequest.Method.post, 2), (.patch, 2), (.get, 3)] {
            try await withMockServer { request in
                request.path == "/die" ? .garbage([]) : .text("ok")
            } perform: { server in
                try await withHTTPClient { client in
                    _ = try await client.execute(HTTPClientRequest(method: method, url: server.url)).collect()
                    let code = await httpErrorCode {
                        _ = try await client.execute(HTTPClientRequest(method: method, url: "\(server.url)/die"))
                            .collect()
                    }
                    #expect(code == .transport)
                    #expect(await server.requests.count == count)
                }
            }
        }
    }
}
