import NIOCore

/// The client's side of a connection through a relay.
final class RelayClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let link: RelayLink

    init(_ link: RelayLink) {
        self.link = link
    }

    func channelActive(context: ChannelHandlerContext) {
        link.begin()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        link.clientSent(&bytes)
    }

    func channelInactive(context: ChannelHandlerContext) {
        link.end()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        link.end()
    }
}

/// The server's side of a connection through a relay.
final class RelayServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let link: RelayLink

    init(_ link: RelayLink) {
        self.link = link
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        link.serverSent(&bytes)
    }

    func channelInactive(context: ChannelHandlerContext) {
        link.end()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        link.end()
    }
}
