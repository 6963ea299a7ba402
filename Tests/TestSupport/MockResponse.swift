import HTTP
public import HTTPTypes
public import JSON

/// A scripted answer of a ``MockServer``.
///
/// Everything is written by hand on the connection, so that an answer can be wrong in any way.
public struct MockResponse: Sendable {
    let write: @Sendable (MockConnection) async throws -> Void

    /// An answer written by hand, head and all; the connection is closed afterwards.
    public static func raw(_ write: @escaping @Sendable (MockConnection) async throws -> Void) -> MockResponse {
        MockResponse { connection in
            try await write(connection)
            try await connection.close()
        }
    }

    /// A complete answer with a length; the connection stays usable.
    public static func bytes(
        _ body: [UInt8],
        status: Int = 200,
        headers: HTTPFields = [:]
    ) -> MockResponse {
        MockResponse { connection in
            var head = "HTTP/1.1 \(status) Scripted\r\n"
            for header in headers { head += "\(header.name): \(header.value)\r\n" }
            head += "Content-Length: \(body.count)\r\n\r\n"
            try await connection.write(Array(head.utf8) + body)
        }
    }

    /// A complete answer of plain text.
    public static func text(_ text: String, status: Int = 200, headers: HTTPFields = [:]) -> MockResponse {
        bytes(Array(text.utf8), status: status, headers: [.contentType: "text/plain"] + headers)
    }

    /// A complete answer of JSON.
    public static func json(_ value: JSONValue, status: Int = 200, headers: HTTPFields = [:]) -> MockResponse {
        var body: [UInt8] = []
        value.write(to: &body)
        return bytes(body, status: status, headers: [.contentType: "application/json"] + headers)
    }

    /// An answer whose chunks are written by `body`, which may wait at a ``MockGate`` between them.
    public static func stream(
        status: Int = 200,
        headers: HTTPFields = [:],
        _ body: @escaping @Sendable (MockBodyWriter) async throws -> Void
    ) -> MockResponse {
        MockResponse { connection in
            let framing: HTTPFields = [.transferEncoding: "chunked"]
            try await connection.writeHead(status: status, headers: headers + framing)
            let writer = MockBodyWriter(connection: connection)
            try await body(writer)
            try await writer.finish()
        }
    }

    /// A stream of server-sent events written by `body`.
    public static func events(
        headers: HTTPFields = [:],
        _ body: @escaping @Sendable (MockBodyWriter) async throws -> Void
    ) -> MockResponse {
        stream(headers: [.contentType: "text/event-stream"] + headers, body)
    }
}

// MARK: - What goes wrong

extension MockResponse {
    /// No answer at all; the connection stays open until the client gives up.
    public static let hang = MockResponse { try await $0.untilClientHasGone() }

    /// A head and some body, and then nothing more until the client gives up.
    public static func hang(after body: [UInt8], headers: HTTPFields = [:]) -> MockResponse {
        stream(headers: headers) { writer in
            try await writer.write(body)
            try await writer.connection.untilClientHasGone()
        }
    }

    /// A body that ends before the length its head promises.
    public static func cut(after body: [UInt8], length: Int) -> MockResponse {
        raw { connection in
            try await connection.writeHead(status: 200, headers: [HTTPField("Content-Length", "\(length)")])
            try await connection.write(body)
        }
    }

    /// Chunks that end without the last one.
    public static func cutChunks(after body: [UInt8]) -> MockResponse {
        stream { writer in
            try await writer.write(body)
            try await writer.connection.close()
        }
    }

    /// Bytes instead of an answer, and the end of the connection.
    public static func garbage(_ bytes: [UInt8]) -> MockResponse {
        raw { try await $0.write(bytes) }
    }

    /// A body of many bytes, with a length, which is never in memory at once.
    public static func huge(byteCount: Int) -> MockResponse {
        MockResponse { connection in
            try await connection.writeHead(status: 200, headers: [HTTPField("Content-Length", "\(byteCount)")])
            let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 64 << 10)
            var left = byteCount
            while left > 0 {
                try await connection.write(Array(piece.prefix(left)))
                left -= piece.count
            }
        }
    }

    /// Chunks that each come a while after the one before.
    public static func drip(_ pieces: [String], every interval: Duration) -> MockResponse {
        stream { writer in
            for piece in pieces {
                try await Task.sleep(for: interval)
                try await writer.write(piece)
            }
        }
    }
}
