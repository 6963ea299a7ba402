import Glibc
import HTTP
public import HTTPTypes
import NIOCore

/// The server's end of a connection, for answers that are written by hand.
public final class MockConnection: Sendable {
    private let channel: any Channel
    private let gone = MockGate()

    init(channel: any Channel) {
        self.channel = channel
    }

    /// Writes bytes as they are; returns when the operating system has taken them.
    public func write(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Writes a text as it is.
    public func write(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// Writes a status line, header fields and the empty line.
    public func writeHead(status: Int, headers: HTTPFields) async throws {
        let lines = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        try await write("HTTP/1.1 \(status) Scripted\r\n\(lines)\r\n")
    }

    /// Ends the connection in order: the client reads to the end of what was written.
    public func close() async throws {
        try await channel.close()
    }

    /// Ends the connection with a reset, as a crashing server or a firewall would.
    public func reset() async throws {
        let options = channel as? any SocketOptionProvider
        try await options?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }

    /// Waits until the client has gone.
    ///
    /// - Throws: `CancellationError` when the server stops before.
    public func untilClientHasGone() async throws {
        try await gone.pass()
    }

    /// Waits for the end of the connection, whoever ends it.
    func watch() async {
        try? await channel.closeFuture.get()
        await gone.openForever()
    }
}
