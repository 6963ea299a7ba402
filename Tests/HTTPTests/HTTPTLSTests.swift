import HTTP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)), .enabled(if: NginxServer.isInstalled))
struct HTTPTLSTests {
    private func withTrustedServer(_ body: (NginxServer, HTTPClient) async throws -> Void) async throws {
        try await withNginx { server in
            let configuration = HTTPClientConfiguration(certificateAuthorityFile: server.certificate)
            try await withHTTPClient(configuration) { client in try await body(server, client) }
        }
    }

    @Test func speaksHTTP2WithAServerWhoseAuthorityIsTrustedExplicitly() async throws {
        try await withTrustedServer { server, client in
            let response = try await client.execute(HTTPClientRequest(url: "\(server.url)/small"))
            #expect(response.status == 200)
            #expect(response.version == "HTTP/2")
            #expect(try await response.collect() == Array("small".utf8))
        }
    }

    @Test func refusesAnUnknownAuthority() async throws {
        try await withNginx { server in
            try await withHTTPClient { client in
                let code = await httpErrorCode { _ = try await client.execute(HTTPClientRequest(url: server.url)) }
                #expect(code == .tls)
            }
        }
    }

    @Test func refusesACertificateForAnotherHost() async throws {
        try await withTrustedServer { server, client in
            let request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)/small")
            #expect(await httpErrorCode { _ = try await client.execute(request) } == .tls)
        }
    }

    @Test func aFileOfAuthoritiesThatDoesNotExistOrHoldsNoneIsAnErrorNotAReasonToTrustEverybody() async throws {
        try await withNginx { server in
            for file in ["/does/not/exist.pem", "/dev/null"] {
                try await withHTTPClient(HTTPClientConfiguration(certificateAuthorityFile: file)) { client in
                    let code = await httpErrorCode { _ = try await client.execute(HTTPClientRequest(url: server.url)) }
                    #expect(code == .tls)
                }
            }
        }
    }

    @Test func aServerWithoutTLSWhereItIsExpected() async throws {
        try await withMockServer { _ in
            .text("plain")
        } perform: { server in
            try await withHTTPClient { client in
                let request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)/")
                #expect(await httpErrorCode { _ = try await client.execute(request) } == .tls)
            }
        }
    }

    @Test func requestsAtOnceShareOneConnection() async throws {
        try await withTrustedServer { server, client in
            let connections = try await withThrowingTaskGroup { group in
                for _ in 0..<60 {
                    group.addTask {
                        try await client.execute(HTTPClientRequest(url: "\(server.url)/connection")).collect()
                    }
                }
                return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
            }
            #expect(connections.count == 1)
        }
    }

    @Test func aPausedBodyDoesNotHoldUpTheOthersOnItsConnection() async throws {
        try await withTrustedServer { server, client in
            let large = HTTPClientRequest(url: "\(server.url)/large", maximumBodyBytes: 64 << 20)
            let response = try await client.execute(large)
            for _ in 0..<50 {
                let small = HTTPClientRequest(url: "\(server.url)/small", idleTimeout: .seconds(10))
                #expect(try await client.execute(small).collect() == Array("small".utf8))
            }
            #expect(try await response.collect().count == 48 << 20)
        }
    }

    @Test func largeAndCompressedBodiesArriveWholeOverHTTP2() async throws {
        try await withTrustedServer { server, client in
            let large = HTTPClientRequest(url: "\(server.url)/large", maximumBodyBytes: 48 << 20)
            #expect(try await client.execute(large).collect().count == 48 << 20)
            let zeros = try await client.execute(HTTPClientRequest(url: "\(server.url)/gzip"))
            #expect(zeros.headers.first(name: "content-encoding") == "gzip")
            #expect(try await zeros.collect() == [UInt8](repeating: 0, count: 4 << 20))
            let small = HTTPClientRequest(url: "\(server.url)/gzip", maximumBodyBytes: 1 << 20)
            #expect(await httpErrorCode { _ = try await client.execute(small).collect() } == .bodyTooLarge)
        }
    }

    @Test func abortedBodiesLeaveTheConnectionUsable() async throws {
        try await withTrustedServer { server, client in
            for _ in 0..<10 {
                let large = HTTPClientRequest(url: "\(server.url)/large", maximumBodyBytes: 64 << 20)
                for try await _ in try await client.execute(large).body { break }
                let small = try await client.execute(HTTPClientRequest(url: "\(server.url)/small"))
                #expect(try await small.collect() == Array("small".utf8))
            }
        }
    }
}
