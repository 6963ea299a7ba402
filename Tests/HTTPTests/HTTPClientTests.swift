import HTTP
import HTTPTypes
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct HTTPClientTests {
    @Test func sendsMethodPathHeadersAndBodyAsTheyAreAndReadsStatusHeadersAndBody() async throws {
        try await withMockServer { request in
            .text(
                "got \(request.text)",
                status: 201,
                headers: [HTTPField("X-Answer", "a"), HTTPField("X-Answer", "b")]
            )
        } perform: { server in
            try await withHTTPClient { client in
                let request = HTTPClientRequest(
                    method: .patch,
                    url: "\(server.url)/a/b?c=d%20e",
                    headers: [HTTPField("X-One", "1"), HTTPField("X-Empty", ""), HTTPField("X-One", "2")],
                    body: Array("body".utf8)
                )
                let response = try await client.execute(request)
                #expect(response.status == 201)
                #expect(response.version == "HTTP/1.1")
                #expect(response.headers.all(name: "x-answer") == ["a", "b"])
                #expect(response.headers.first(name: "CONTENT-TYPE") == "text/plain")
                #expect(try await response.collect() == Array("got body".utf8))

                let received = try #require(await server.requests.first)
                #expect(received.method == "PATCH")
                #expect(received.path == "/a/b?c=d%20e")
                #expect(received.text == "body")
                #expect(
                    Set(received.headers) == [
                        HTTPField("Host", "127.0.0.1:\(server.port)"), HTTPField("Accept", "*/*"),
                        HTTPField("Accept-Encoding", "deflate, gzip, br, zstd"), HTTPField("X-One", "1"),
                        HTTPField("X-Empty", ""), HTTPField("X-One", "2"), HTTPField("Content-Length", "4"),
                    ]
                )
            }
        }
    }

    @Test func asksBeforeTheFirstByteIsSentWhenTheConnectionStandsAndSendsNothingIfItMustNot() async throws {
        try await withMockServer { request in
            .text(request.path)
        } perform: { server in
            try await withHTTPClient { client in
                let asked = Mutex(0)
                let code = await httpErrorCode {
                    _ = try await client.execute(HTTPClientRequest(method: .post, url: "\(server.url)/no")) {
                        asked.withLock { $0 += 1 }
                        return false
                    }
                }
                #expect(code == .refused && asked.withLock { $0 } == 1)
                // With a kept connection as with a new one.
                for _ in 0..<2 {
                    let response = try await client.execute(HTTPClientRequest(url: "\(server.url)/yes")) {
                        asked.withLock { $0 += 1 }
                        return true
                    }
                    #expect(try await response.collect() == Array("/yes".utf8))
                }
                #expect(await server.requests.map(\.path) == ["/yes", "/yes"])
                #expect(asked.withLock { $0 } == 3)
            }
        }
    }

    @Test(
        arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"].compactMap {
            HTTPRequest.Method($0)
        }
    )
    func framesEveryMethodAsItShouldBe(_ method: HTTPRequest.Method) async throws {
        try await withMockServer { request in
            request.method == "HEAD" ? .bytes([]) : .text("ok")
        } perform: { server in
            try await withHTTPClient { client in
                let response = try await client.execute(HTTPClientRequest(method: method, url: server.url))
                #expect(try await response.collect() == (method == .head ? [] : Array("ok".utf8)))
                let received = try #require(await server.requests.first)
                #expect(received.method == method.rawValue)
                let hasLength = [.post, .put, .patch].contains(method)
                #expect(received.headers.first(name: "Content-Length") == (hasLength ? "0" : nil))
                #expect(received.headers.first(name: "Content-Type") == nil)
            }
        }
    }

    @Test func sendsALargeBodyWholeAndWithoutAskingFirst() async throws {
        try await withMockServer {
            .text("\($0.body.count)")
        } perform: { server in
            try await withHTTPClient { client in
                let body = [UInt8](repeating: 7, count: 5 << 20)
                let response = try await client.execute(HTTPClientRequest(method: .post, url: server.url, body: body))
                #expect(try await response.collect() == Array("\(body.count)".utf8))
                let received = try #require(await server.requests.first)
                #expect(received.body == body)
                #expect(received.headers.first(name: "Expect") == nil)
            }
        }
    }

    @Test func reusesAConnectionWhoseResponseWasReadToTheEnd() async throws {
        try await withMockServer { _ in
            .text("ok")
        } perform: { server in
            try await withHTTPClient { client in
                for _ in 0..<5 {
                    _ = try await client.execute(HTTPClientRequest(url: server.url)).collect()
                }
                #expect(await server.connectionCount == 1)
            }
        }
    }

    @Test func doesNotFollowARedirect() async throws {
        try await withMockServer { _ in
            .text("moved", status: 302, headers: [HTTPField("Location", "/elsewhere")])
        } perform: { server in
            try await withHTTPClient { client in
                let response = try await client.execute(HTTPClientRequest(url: server.url))
                #expect(response.status == 302)
                #expect(response.headers.first(name: "location") == "/elsewhere")
                #expect(try await response.collect() == Array("moved".utf8))
                #expect(await server.requests.count == 1)
            }
        }
    }

    @Test(arguments: [400, 401, 404, 429, 500, 503])
    func anErrorStatusIsAResponse(_ status: Int) async throws {
        try await withMockServer { _ in
            .text("why", status: status)
        } perform: { server in
            try await withHTTPClient { client in
                let response = try await client.execute(HTTPClientRequest(url: server.url))
                #expect(response.status == status)
                #expect(try await response.collect() == Array("why".utf8))
            }
        }
    }

    @Test func readsOverInterimResponsesAndTrailers() async throws {
        try await withMockServer { _ in
            .raw { connection in
                try await connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
                try await connection.write("HTTP/1.1 200 OK\r\nX-Real: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
                try await connection.write("2\r\nhi\r\n0\r\nX-Trailer: 1\r\n\r\n")
            }
        } perform: { server in
            try await withHTTPClient { client in
                let response = try await client.execute(HTTPClientRequest(url: server.url))
                #expect(response.status == 200)
                #expect(response.headers == [HTTPField("X-Real", "1"), HTTPField("Transfer-Encoding", "chunked")])
                #expect(try await response.collect() == Array("hi".utf8))
            }
        }
    }

    @Test func manyRequestsAtOnce() async throws {
        try await withMockServer {
            .text($0.path)
        } perform: { server in
            try await withHTTPClient { client in
                let answers = try await withThrowingTaskGroup { group in
                    for number in 0..<200 {
                        group.addTask {
                            let response = try await client.execute(HTTPClientRequest(url: "\(server.url)/\(number)"))
                            return String(decoding: try await response.collect(), as: UTF8.self)
                        }
                    }
                    return try await group.reduce(into: Set<String>()) { $0.insert($1) }
                }
                #expect(answers == Set((0..<200).map { "/\($0)" }))
            }
        }
    }
}
