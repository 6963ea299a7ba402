import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite("HTTP failures", .timeLimit(.minutes(5)))
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

    @Test("a body shorter than its length is truncated, and what came is readable")
    func cutLength() async throws {
        let outcome = try await outcome(.cut(after: Array("half".utf8), length: 8))
        #expect(outcome == (.truncated, Array("half".utf8)))
    }

    @Test("chunks without the last one are truncated")
    func cutChunks() async throws {
        let outcome = try await outcome(.cutChunks(after: Array("half".utf8)))
        #expect(outcome == (.truncated, Array("half".utf8)))
    }

    @Test("a connection that is reset inside the body is truncated")
    func resetInBody() async throws {
        let answer = MockResponse.stream { writer in
            try await writer.write("half")
            try await writer.connection.reset()
        }
        #expect(try await outcome(answer).code == .truncated)
    }

    @Test("a connection that ends inside the head is truncated")
    func cutHead() async throws {
        #expect(try await outcome(.garbage(Array("HTTP/1.1 200 OK\r\nContent-Le".utf8))).code == .truncated)
    }

    @Test("a connection that ends before the head is a transport error")
    func noAnswer() async throws {
        #expect(try await outcome(.garbage([])).code == .transport)
    }

    @Test(
        "what is no HTTP is malformed",
        arguments: [
            "rubbish\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "\u{0}\u{1}\u{2}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nno colon here\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n",
        ]
    )
    func malformed(_ text: String) async throws {
        #expect(try await outcome(.garbage(Array(text.utf8))).code == .malformed)
    }

    @Test("a head larger than allowed is malformed")
    func largeHead() async throws {
        let header = HTTPField("X-Large", String(repeating: "x", count: 1000))
        let answer = MockResponse.text("", headers: HTTPFields(repeating: header, count: 10))
        #expect(try await outcome(answer) { $0.maximumHeadBytes = 5000 }.code == .malformed)
        #expect(try await outcome(answer) { $0.maximumHeadBytes = 20_000 }.code == nil)
    }

    @Test("a body of the largest size is read, one byte more is not")
    func largeBody() async throws {
        #expect(try await outcome(.huge(byteCount: 100_000)) { $0.maximumBodyBytes = 100_000 }.code == nil)
        #expect(try await outcome(.huge(byteCount: 100_001)) { $0.maximumBodyBytes = 100_000 }.code == .bodyTooLarge)
        let endless = MockResponse.stream { writer in
            while true { try await writer.write([UInt8](repeating: 0, count: 10_000)) }
        }
        #expect(try await outcome(endless) { $0.maximumBodyBytes = 1 << 20 }.code == .bodyTooLarge)
    }

    @Test("nobody listens")
    func refused() async throws {
        try await withHTTPClient { client in
            let code = await httpErrorCode {
                _ = try await client.execute(HTTPClientRequest(url: "http://127.0.0.1:1"))
            }
            #expect(code == .connect)
        }
    }

    @Test("a name that does not exist")
    func unknownHost() async throws {
        try await withHTTPClient { client in
            let code = await httpErrorCode {
                _ = try await client.execute(HTTPClientRequest(url: "http://does-not-exist.invalid"))
            }
            #expect(code == .resolve)
        }
    }

    @Test("a connection that nobody accepts ends with the connect timeout", arguments: [11, 23, 37, 53, 71])
    func connectTimeout(milliseconds: Int) async throws {
        let listener = try FullListener()
        defer { listener.close() }
        try await withHTTPClient { client in
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(listener.port)/")
            request.connectTimeout = .milliseconds(milliseconds)
            let code = await httpErrorCode { _ = try await client.execute(request) }
            #expect(code == .timeoutConnect)
        }
    }

    @Test("silence before the head ends with the idle timeout")
    func idleBeforeHead() async throws {
        #expect(try await outcome(.hang) { $0.idleTimeout = .milliseconds(50) }.code == .timeoutIdle)
    }

    @Test("silence inside the body ends with the idle timeout, and what came is readable")
    func idleInBody() async throws {
        let outcome = try await outcome(.hang(after: Array("half".utf8))) { $0.idleTimeout = .seconds(2) }
        #expect(outcome == (.timeoutIdle, Array("half".utf8)))
    }

    @Test("a slow body that keeps moving does not end with the idle timeout")
    func slowBody() async throws {
        let pieces = (0..<10).map { "\($0)" }
        let outcome = try await outcome(.drip(pieces, every: .milliseconds(400))) {
            $0.idleTimeout = .seconds(3)
        }
        #expect(outcome == (nil, Array("0123456789".utf8)))
    }

    @Test("a body that keeps moving for too long ends with the total timeout")
    func total() async throws {
        let endless = MockResponse.drip(Array(repeating: "x", count: 100_000), every: .milliseconds(5))
        #expect(try await outcome(endless) { $0.totalTimeout = .milliseconds(200) }.code == .timeoutTotal)
        #expect(try await outcome(.hang) { $0.totalTimeout = .milliseconds(50) }.code == .timeoutTotal)
    }

    @Test("a request that is not idempotent is not sent again when a kept connection dies under it")
    func noSilentRetry() async throws {
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
