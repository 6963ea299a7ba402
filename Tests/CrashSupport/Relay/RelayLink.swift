import NIOCore
import NIOPosix

/// One connection through a relay; it lives on one event loop.
final class RelayLink {
    private let relay: PostgresRelay
    private let client: any Channel
    private var server: (any Channel)?
    private var application = ""

    private var fromClient = ByteBuffer()
    private var isStarted = false
    private var isRequestHeld = false
    private var statements: [String: String] = [:]
    /// The rule for the answer to what was sent since the last Sync.
    private var nextAnswer: RelayRule?
    /// What is to be done with the answers that the server owes, up to its next ReadyForQuery each.
    private var answers: [RelayRule?] = []

    private var fromServer = ByteBuffer()
    private var isReady = false
    private var isAnswerHeld = false
    private var withheld = ByteBuffer()

    init(_ relay: PostgresRelay, _ client: any Channel) {
        self.relay = relay
        self.client = client
    }

    // MARK: Life

    func begin() {
        relay.began(client)
        let bound = NIOLoopBound(self, eventLoop: client.eventLoop)
        ClientBootstrap(group: client.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(RelayServerHandler(bound.value))
                }
            }
            .connect(unixDomainSocketPath: relay.socketPath)
            .whenComplete { result in
                switch result {
                case .success(let channel): bound.value.connected(channel)
                case .failure: bound.value.end()
                }
            }
    }

    private func connected(_ channel: any Channel) {
        server = channel
        guard client.isActive else { return end() }
        pumpClient()
    }

    func end() {
        relay.ended(client)
        client.close(promise: nil)
        server?.close(promise: nil)
    }

    // MARK: From the client

    func clientSent(_ bytes: inout ByteBuffer) {
        fromClient.writeBuffer(&bytes)
        pumpClient()
        if fromClient.readableBytes == 0 { fromClient = ByteBuffer() }
    }

    private func pumpClient() {
        while let server, !isRequestHeld, let message = nextClientMessage() {
            let type = isStarted ? message.getInteger(at: message.readerIndex, as: UInt8.self) : nil
            if !isStarted { start(message) }
            let rule = type.flatMap { self.rule(for: $0, message) }
            if let rule, rule.moment == .request {
                guard case .hold(let hold) = rule.action else { return end() }
                isRequestHeld = true
                let bound = NIOLoopBound(self, eventLoop: client.eventLoop)
                let loop = client.eventLoop
                hold.hold { loop.execute { bound.value.sendHeld(message) } }
                return
            }
            if let rule { nextAnswer = rule }
            if type == UInt8(ascii: "S") || type == UInt8(ascii: "Q") {
                answers.append(nextAnswer)
                nextAnswer = nil
            }
            server.writeAndFlush(message, promise: nil)
        }
    }

    private func sendHeld(_ message: ByteBuffer) {
        if message.getInteger(at: message.readerIndex, as: UInt8.self) == UInt8(ascii: "Q") { answers.append(nil) }
        server?.writeAndFlush(message, promise: nil)
        isRequestHeld = false
        pumpClient()
    }

    private func nextClientMessage() -> ByteBuffer? {
        let prefix = isStarted ? 1 : 0
        guard let length = fromClient.getInteger(at: fromClient.readerIndex + prefix, as: Int32.self) else {
            return nil
        }
        return fromClient.readSlice(length: Int(length) + prefix)
    }

    /// Reads the startup message: a version, and names with values.
    private func start(_ message: ByteBuffer) {
        var message = message
        let version = message.readInteger(as: Int32.self).flatMap { _ in message.readInteger(as: Int32.self) }
        guard version == 196_608 else { return }
        isStarted = true
        while let name = message.readNullTerminatedString(), !name.isEmpty,
            let value = message.readNullTerminatedString()
        {
            if name == "application_name" { application = value }
        }
        relay.named(client, application)
    }

    private func rule(for type: UInt8, _ message: ByteBuffer) -> RelayRule? {
        var message = message
        message.moveReaderIndex(forwardBy: 5)
        switch type {
        case UInt8(ascii: "P"):
            guard let name = message.readNullTerminatedString(), let text = message.readNullTerminatedString() else {
                return nil
            }
            statements[name] = text
            return nil
        case UInt8(ascii: "B"):
            _ = message.readNullTerminatedString()
            guard let text = message.readNullTerminatedString().flatMap({ statements[$0] }) else { return nil }
            return relay.rule(for: text, of: application)
        case UInt8(ascii: "Q"):
            guard let text = message.readNullTerminatedString() else { return nil }
            return relay.rule(for: text, of: application)
        default: return nil
        }
    }

    // MARK: From the server

    func serverSent(_ bytes: inout ByteBuffer) {
        fromServer.writeBuffer(&bytes)
        pumpServer()
        if fromServer.readableBytes == 0 { fromServer = ByteBuffer() }
    }

    private func pumpServer() {
        while !isAnswerHeld, let message = nextServerMessage() {
            let isEnd = message.getInteger(at: message.readerIndex, as: UInt8.self) == UInt8(ascii: "Z")
            let rule = isReady ? answers.first ?? nil : nil
            if isEnd, isReady, !answers.isEmpty { answers.removeFirst() }
            if isEnd { isReady = true }
            guard let rule else {
                client.writeAndFlush(message, promise: nil)
                continue
            }
            var piece = message
            withheld.writeBuffer(&piece)
            guard isEnd else { continue }
            guard case .hold(let hold) = rule.action else { return end() }
            isAnswerHeld = true
            let bound = NIOLoopBound(self, eventLoop: client.eventLoop)
            let loop = client.eventLoop
            hold.hold { loop.execute { bound.value.answerHeld() } }
        }
    }

    private func answerHeld() {
        client.writeAndFlush(withheld, promise: nil)
        withheld = ByteBuffer()
        isAnswerHeld = false
        pumpServer()
    }

    private func nextServerMessage() -> ByteBuffer? {
        guard let length = fromServer.getInteger(at: fromServer.readerIndex + 1, as: Int32.self) else { return nil }
        return fromServer.readSlice(length: Int(length) + 1)
    }
}
