/// Ends a transfer when the one who may read its body has gone.
final class HTTPTransferLease: Sendable {
    let transfer: HTTPTransfer
    private let isReader: Bool

    private init(_ transfer: HTTPTransfer, isReader: Bool) {
        self.transfer = transfer
        self.isReader = isReader
    }

    /// The response's lease: it counts until the body is being read.
    static func response(_ transfer: HTTPTransfer) -> HTTPTransferLease {
        HTTPTransferLease(transfer, isReader: false)
    }

    /// The lease of the body's reader, or `nil` if there is another reader already.
    static func reader(_ transfer: HTTPTransfer) -> HTTPTransferLease? {
        transfer.claimBody() ? HTTPTransferLease(transfer, isReader: true) : nil
    }

    deinit {
        if isReader || transfer.claimBody() { transfer.abort(HTTPClientError(.cancelled, "the response was dropped")) }
    }
}
