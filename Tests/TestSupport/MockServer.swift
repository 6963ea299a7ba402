import HTTP
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOPosix
import Reactor

/// An HTTP/1.1 server on the loopback interface whose answers are scripted; made by ``withMockServer(keepsRequests:_:perform:)``.
public final class MockServer: Sendable {
    /// Makes the answer to a request; an error it throws closes the connection.
    public typealias Script = @Sendable (MockRequest) async throws -> MockResponse

    typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, Never>
    typealias Listener = NIOAsyncChannel<any Channel, Never>

    /// The port, given by the system.
    public let port: Int

    /// Where the server is, without a slash at the end.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// Where scripts run: what is tested must not wait for the threads that it has taken itself.
    static let loop = Reactor(name: "mock-server")

    private let script: Script
    private let keepsRequests: Bool
    private let received = MockLog<MockRequest>()
    private let connected = MockLog<Int>()
    private let disconnected = MockLog<Int>()

    init(_ listener: Listener, keepsRequests: Bool, script: @escaping Script) {
        port = listener.channel.localAddress?.port ?? 0
        self.script = script
        self.keepsRequests = keepsRequests
    }

    /// All requests received so far, in order.
    public var requests: [MockRequest] {
        get async { await received.entries }
    }

    /// Waits until at least `count` requests have been received.
    ///
    /// - Returns: All requests received by then.
    /// - Throws: `CancellationError` if the task is cancelled.
    public func requests(count: Int) async throws -> [MockRequest] {
        try await received.entries(count: count)
    }

    /// How many connections were accepted so far.
    public var connectionCount: Int {
        get async { await connected.entries.count }
    }

    /// Waits until at least `count` connections have ended, whoever ended them.
    ///
    /// - Throws: `CancellationError` if the task is cancelled.
    public func disconnections(count: Int) async throws {
        _ = try await disconnected.entries(count: count)
    }
}

// MARK: - Serving

extension MockServer {
    /// The largest request body that is taken.
    private static let maximumBodyBytes = 64 << 20

    /// Listens on a port of the loopback interface.
    ///
    /// Connections are accepted as plain channels that do not read yet: an asynchronous one that nobody comes to serve,
    /// because the server stops just then, would be a fatal error of NIO's.
    static func listen() async throws -> Listener {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeSucceededFuture(channel)
            }
    }

    /// Serves connections until the listener is closed.
    func serve(_ listener: Listener) async throws {
        try await listener.executeThenClose { channels in
            await withDiscardingTaskGroup { group in
                var iterator = channels.makeAsyncIterator()
                var number = 0
                while let channel = try? await iterator.next() {
                    number += 1
                    group.addTask { [number] in await self.serve(channel, number: number) }
                }
                group.cancelAll()
            }
        }
    }

    private func serve(_ channel: any Channel, number: Int) async {
        await connected.append(number)
        // A client that goes away and a script that throws both end here, and nowhere else.
        try? await Self.connection(on: channel).executeThenClose { inbound in
            let connection = MockConnection(channel: channel)
            await withTaskGroup { group in
                group.addTask { await connection.watch() }
                try? await channel.setOption(.autoRead, value: true).get()
                try? await answer(inbound, on: connection)
                try? await channel.close()
            }
        }
        await disconnected.append(number)
    }

    private static func connection(on channel: any Channel) async throws -> Connection {
        try await channel.eventLoop.submit {
            let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)
            try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(decoder))
            return try Connection(wrappingChannelSynchronously: channel)
        }.get()
    }

    private func answer(
        _ inbound: NIOAsyncChannelInboundStream<HTTPServerRequestPart>,
        on connection: MockConnection
    ) async throws {
        var head: HTTPRequestHead?
        var body: [UInt8] = []
        for try await part in inbound {
            switch part {
            case .head(let next):
                (head, body) = (next, [])
            case .body(let bytes):
                body += bytes.readableBytesView
                if body.count > Self.maximumBodyBytes { return }
            case .end:
                guard let head else { return }
                try await answer(MockRequest(head, body: body), on: connection)
                if !head.isKeepAlive { return }
            }
        }
    }

    private func answer(_ request: MockRequest, on connection: MockConnection) async throws {
        if keepsRequests { await received.append(request) }
        try await script(request).write(connection)
    }
}

extension MockRequest {
    fileprivate init(_ head: HTTPRequestHead, body: [UInt8]) {
        self.init(
            method: head.method.rawValue,
            path: head.uri,
            headers: HTTPFields(head.headers.map { HTTPField($0.name, $0.value) }),
            body: body
        )
    }
}
