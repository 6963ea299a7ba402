/// Ends a transfer when the last one interested in it has gone.
final class HTTPTransferLease: Sendable {
    let transfer: HTTPTransfer

    init(_ transfer: HTTPTransfer) {
        self.transfer = transfer
    }

    deinit {
        transfer.abort(HTTPError(.cancelled, "the response was dropped"))
    }
}
