import HTTP
import TestSupport
import Testing

@Suite("HTTP over TLS", .timeLimit(.minutes(5)), .enabled(if: NginxServer.isInstalled))
struct HTTPTLSTests {
    private func withTrustedServer(_ body: (NginxServer, HTTPClient) async throws -> Void) async throws {
        try await withNginx { server in
            let configuration = HTTPClientConfiguration(certificateAuthorityFile: server.certificate)
            try await withHTTPClient(configuration) { client in try await body(server, client) }
        }
    }

    @Test("speaks HTTP/2 with a server whose authority is trusted explicitly")
    func trusted() async throws {
        try await withTrustedServer { server, client in
            let response = try await client.execute(HTTPClientRequest(url: "\(server.url)/small"))
            #expect(response.status == 200)
            #expect(response.version == "HTTP/2")
            #expect(try await response.collect() == Array("small".utf8))
        }
    }

    @Test("refuses an unknown authority")
    func unknownAuthority() async throws {
        try await withNginx { server in
            try await withHTTPClient { client in
                let code = await httpErrorCode { _ = try await client.execute(HTTPClientRequest(url: server.url)) }
                #expect(code == .tls)
            }
        }
    }

    @Test("refuses a certificate for another host")
    func wrongHost() async throws {
        try await withTrustedServer { server, client in
            let request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)/small")
            #expect(await httpErrorCode { _ = try await client.execute(request) } == .tls)
        }
    }

    @Test("a file of authorities that does not exist or holds none is an error, not a reason to trust everybody")
    func unusableAuthority() async throws {
        try await withNginx { server in
            for file in ["/does/not/exist.pem", "/dev/null"] {
                try await withHTTPClient(HTTPClientConfiguration(certificateAuthorityFile: file)) { client in
                    let code = await httpErrorCode { _ = try await client.execute(HTTPClientRequest(url: server.url)) }
                    #expect(code == .tls)
                }
            }
        }
    }

    @Test("a server without TLS where it is expected")
    func noTLS() async throws {
        try await withMockServer { _ in
            .text("plain")
        } perform: { server in
            try await withHTTPClient { client in
                let request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)/")
                #expect(await httpErrorCode { _ = try await client.execute(request) } == .tls)
            }
        }
    }

    @Test("requests at once share one connection")
    func multiplexing() async throws {
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

    @Test("a paused body does not hold up the others on its connection")
    func pausedNeighbour() async throws {
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

    @Test("large and compressed bodies arrive whole over HTTP/2")
    func largeBodies() async throws {
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

    @Test("aborted bodies leave the connection usable")
    func abortedNeighbours() async throws {
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
