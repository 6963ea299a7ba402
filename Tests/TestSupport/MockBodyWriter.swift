public import HTTP

/// Writes a chunked body piece by piece.
public struct MockBodyWriter: Sendable {
    /// The connection below, to break it.
    public let connection: MockConnection

    /// Writes a piece, as one chunk; returns when the operating system has taken it.
    public func write(_ bytes: [UInt8]) async throws {
        guard !bytes.isEmpty else { return }
        try await connection.write(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [0x0D, 0x0A])
    }

    /// Writes a text, as one chunk.
    public func write(_ text: String) async throws {
        try await write(Array(text.utf8))
    }

    /// Writes a server-sent event, as one chunk.
    public func write(_ event: ServerSentEvent) async throws {
        try await write(event.wireText)
    }

    /// Writes the last chunk.
    func finish() async throws {
        try await connection.write("0\r\n\r\n")
    }
}
