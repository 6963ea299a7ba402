import HTTP
import HTTPTypes
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct HTTPBodyTests {
    /// Counts what a server could get rid of.
    private actor Meter {
        private(set) var bytes = 0

        func add(_ count: Int) { bytes += count }
    }

    @Test func receivingPausesWhileNobodyReadsAndGoesOnAfterwards() async throws {
        let meter = Meter()
        let size = 128 << 20
        let piece = [UInt8](repeating: 1, count: 64 << 10)
        try await withMockServer { request in
            guard request.path == "/large" else { return .text("ok") }
            return .stream { writer in
                for _ in 0..<(size / piece.count) {
                    try await writer.write(piece)
                    await meter.add(piece.count)
                }
            }
        } perform: { server in
            try await withHTTPClient { client in
                let large = HTTPClientRequest(url: "\(server.url)/large", maximumBodyBytes: size)
                var body = try await client.execute(large).body.makeAsyncIterator()
                var read = try #require(try await body.next()).count
                // The thread is kept busy with others, so it had every chance to receive the rest as well.
                for _ in 0..<200 { _ = try await client.execute(HTTPClientRequest(url: server.url)).collect() }
                // What is unread, and what fits into the sockets' buffers.
                #expect(await meter.bytes < 64 << 20)
                while let piece = try await body.next() { read += piece.count }
                #expect(read == size)
            }
        }
    }

    @Test func theIdleClockStandsStillWhileTheReaderIsWaitedFor() async throws {
        try await withMockServer { request in
            request.path == "/large" ? .huge(byteCount: 12 << 20) : .hang
        } perform: { server in
            try await withHTTPClient { client in
                let idle = Duration.seconds(2)
                let large = HTTPClientRequest(url: "\(server.url)/large", idleTimeout: idle)
                let response = try await client.execute(large)
                // When the second of these has timed out, so would the large one have.
                for _ in 0..<2 {
                    let code = await httpErrorCode {
                        _ = try await client.execute(HTTPClientRequest(url: server.url, idleTimeout: idle))
                    }
                    #expect(code == .timeoutIdle)
                }
                #expect(try await response.collect().count == 12 << 20)
            }
        }
    }

    @Test func piecesArriveAsTheyAreSentNotOnlyAtTheEnd() async throws {
        let gate = MockGate()
        try await withMockServer { _ in
            .stream { writer in
                for text in ["one", "two", "three"] {
                    try await gate.pass()
                    try await writer.write(text)
                }
            }
        } perform: { server in
            try await withHTTPClient { client in
                var body = try await client.execute(HTTPClientRequest(url: server.url)).body.makeAsyncIterator()
                for text in ["one", "two", "three"] {
                    await gate.open()
                    #expect(try await body.next() == Array(text.utf8))
                }
                #expect(try await body.next() == nil)
                #expect(try await body.next() == nil)
            }
        }
    }

    @Test func aBodyCanBeReadOnce() async throws {
        try await withMockServer { _ in
            .text("ok")
        } perform: { server in
            try await withHTTPClient { client in
                let response = try await client.execute(HTTPClientRequest(url: server.url))
                #expect(try await response.collect() == Array("ok".utf8))
                #expect(await httpErrorCode { _ = try await response.collect() } == .invalidRequest)
            }
        }
    }

    @Test(arguments: ["gzip", "zstd"])
    func compressedBodiesAreDecoded(_ coding: String) async throws {
        let text = Array(String(repeating: "all work and no play ", count: 1000).utf8)
        let compressed = try await compress(text, with: coding)
        try await withMockServer { _ in
            .bytes(compressed, headers: [HTTPField("Content-Encoding", coding)])
        } perform: { server in
            try await withHTTPClient { client in
                let decoded = try await client.execute(HTTPClientRequest(url: server.url))
                #expect(try await decoded.collect() == text)
                let plain = try await client.execute(HTTPClientRequest(url: server.url, decompresses: false))
                #expect(try await plain.collect() == compressed)
                let asked = await server.requests.map { $0.headers.first(name: "Accept-Encoding") }
                #expect(asked == ["deflate, gzip, br, zstd", nil])
            }
        }
    }

    @Test(arguments: ["gzip", "zstd"])
    func theSizeLimitCountsDecodedBytes(_ coding: String) async throws {
        let bomb = try await compress([UInt8](repeating: 0, count: 32 << 20), with: coding)
        try #require(bomb.count < 100_000)
        try await withMockServer { _ in
            .bytes(bomb, headers: [HTTPField("Content-Encoding", coding)])
        } perform: { server in
            try await withHTTPClient { client in
                let request = HTTPClientRequest(url: server.url, maximumBodyBytes: 1 << 20)
                var read = 0
                let code = await httpErrorCode {
                    for try await piece in try await client.execute(request).body { read += piece.count }
                }
                #expect(code == .bodyTooLarge)
                #expect(read <= 1 << 20)
            }
        }
    }
}
