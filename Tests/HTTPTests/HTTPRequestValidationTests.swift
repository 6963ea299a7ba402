import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct HTTPRequestValidationTests {
    /// What a request that must not be sent ends with; the server would tell if it was.
    private func code(_ change: (inout HTTPClientRequest) -> Void) async throws -> HTTPClientError.Code? {
        try await withMockServer { _ in
            .text("sent")
        } perform: { server in
            try await withHTTPClient { client in
                var request = HTTPClientRequest(url: server.url)
                change(&request)
                let code = await httpErrorCode { _ = try await client.execute(request) }
                #expect(await server.connectionCount == (code == nil ? 1 : 0))
                return code
            }
        }
    }

    @Test func nothingIsWrongWithTheRequestThatTheOthersAreMadeOf() async throws {
        #expect(try await code { _ in } == nil)
    }

    @Test(arguments: ["", "GET /\r\nHost: x", "G T", "GET\n", "GÉT"]
    )
    func methodsThatAreNoToken(_ method: String) {
        #expect(HTTPRequest.Method(method) == nil)
    }

    @Test(arguments: ["CONNECT", String(repeating: "A", count: 33)])
    func methodsThatAreNotSent(_ method: String) async throws {
        let method = try #require(HTTPRequest.Method(method))
        #expect(try await code { $0.method = method } == .invalidRequest)
    }

    @Test(arguments: [
        "", "/path", "localhost", "http:", "http://", "http:///path", "http://?q", "ftp://localhost/",
        "file:///etc/passwd", "gopher://localhost:70/", "dict://localhost/", "http://localhost/a b",
        "http://localhost/\r\nX: y", "http://localhost/\n", "http://localhost/\u{0}", "http://localhost/é",
        "http://user@localhost/", "http://user:password@localhost/", "http://localhost\\@evil/",
        "http://localhost:99999/", "http://localhost:0/", "http://1.2.3.4.5/", "http://lo%63alhost/",
        "http://[::1/", "http://localhost/" + String(repeating: "x", count: 65536),
    ]
    )
    func uRLsThatCannotBeSent(_ url: String) async throws {
        #expect(try await code { $0.url = url } == .invalidRequest)
    }

    @Test(arguments: [
        ("X", "a\r\nY: b"), ("X", "a\nY: b"), ("X", "a\rY: b"), ("X", "a\u{0}b"), ("X", "a\u{7F}b"),
        ("X\r\nY", "a"),
        ("X:", "a"), (":x", "a"), ("", "a"), ("X Y", "a"), ("É", "a"),
    ]
    )
    func headersThatWouldBeginAnother(_ name: String, _ value: String) throws {
        let error = #expect(throws: HTTPClientError.self) { try HTTPField(checking: name, value) }
        #expect(error?.code == .invalidRequest)
    }

    @Test func aValueThatIsMadeOtherwiseCannotBeginAnotherHeaderEither() throws {
        #expect(HTTPField("X", "a\r\nY: b\u{0}").value == "a  Y: b")
    }

    @Test(arguments: [
        HTTPField("Content-Length", "5"), HTTPField("transfer-encoding", "chunked"),
        HTTPField("EXPECT", "100-continue"),
    ]
    )
    func headersThatTheClientSetsItself(_ header: HTTPField) async throws {
        #expect(try await code { $0.headers = [header] } == .invalidRequest)
    }

    @Test func headerValuesMayHoldTabsAndWhatIsNotASCII() async throws {
        try await withMockServer { _ in
            .text("ok")
        } perform: { server in
            try await withHTTPClient { client in
                let headers: HTTPFields = [HTTPField("X-Tab", "a\tb"), HTTPField("X-Text", "Grüße")]
                _ = try await client.execute(HTTPClientRequest(url: server.url, headers: headers)).collect()
                let received = try #require(await server.requests.first)
                #expect(headers.map { received.headers[$0.name] } == headers.map(\.value))
            }
        }
    }

    @Test func limitsThatMakeNoSense() async throws {
        #expect(try await code { $0.connectTimeout = .zero } == .invalidRequest)
        #expect(try await code { $0.idleTimeout = .zero } == .invalidRequest)
        #expect(try await code { $0.totalTimeout = .seconds(-1) } == .invalidRequest)
        #expect(try await code { $0.maximumBodyBytes = -1 } == .invalidRequest)
        #expect(try await code { $0.maximumHeadBytes = 0 } == .invalidRequest)
        #expect(
            try await code {
                $0.method = .head; $0.body = []
            } == .invalidRequest
        )
    }

    @Test func aRequestsDescriptionKeepsPathQueryHeadersAndBodyToItself() {
        let request = HTTPClientRequest(
            method: .post,
            url: "https://example.org:8443/secret?key=secret",
            headers: [HTTPField("Authorization", "secret")],
            body: Array("secret".utf8)
        )
        #expect("\(request)" == "POST https://example.org:8443")
    }
}
