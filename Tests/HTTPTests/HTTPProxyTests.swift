import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct HTTPProxyTests {
    @Test func theCustomaryVariablesLowerCaseBeforeUpperCaseAndHTTPPROXYNotAtAll() {
        #expect(HTTPProxy.environment([:]) == .none)
        #expect(HTTPProxy.environment(["HTTP_PROXY": "http://cgi", "http_proxy": ""]) == .none)
        #expect(
            HTTPProxy.environment([
                "http_proxy": "http://a", "https_proxy": "http://b", "HTTPS_PROXY": "http://c", "NO_PROXY": "d,e",
            ]) == HTTPProxy(http: "http://a", https: "http://b", exceptions: "d,e")
        )
        #expect(
            HTTPProxy.environment(["HTTPS_PROXY": "http://c", "all_proxy": "http://f", "no_proxy": "*"])
                == HTTPProxy(http: "http://f", https: "http://c", exceptions: "*")
        )
    }

    @Test func requestsGoThroughTheProxyExceptToTheExceptions() async throws {
        try await withMockServer {
            .text($0.path)
        } perform: { server in
            let proxy = HTTPProxy(http: server.url, exceptions: "127.0.0.1")
            try await withHTTPClient(HTTPClientConfiguration(proxy: proxy)) { client in
                let proxied = try await client.execute(HTTPClientRequest(url: "http://example.invalid/a"))
                #expect(try await proxied.collect() == Array("http://example.invalid/a".utf8))
                let direct = try await client.execute(HTTPClientRequest(url: "\(server.url)/b"))
                #expect(try await direct.collect() == Array("/b".utf8))
            }
        }
    }

    @Test func tlsGoesThroughATunnelAndAProxyThatRefusesOneIsAFailureToConnect() async throws {
        try await withMockServer { _ in
            .text("no", status: 403)
        } perform: { server in
            let proxy = HTTPProxy(https: server.url)
            try await withHTTPClient(HTTPClientConfiguration(proxy: proxy)) { client in
                let request = HTTPClientRequest(
                    url: "https://example.invalid/",
                    headers: [HTTPField("X-Key", "secret")]
                )
                #expect(await httpErrorCode { _ = try await client.execute(request) } == .connect)
                let received = try #require(await server.requests.first)
                #expect(received.method == "CONNECT")
                #expect(received.path == "example.invalid:443")
                #expect(received.headers.first(name: "X-Key") == nil)
            }
        }
    }
}
