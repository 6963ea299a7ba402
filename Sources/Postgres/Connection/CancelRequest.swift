import CLibpq

/// What the server is asked with to stop; it knows the address and the key, and does not need the connection.
final class CancelRequest: @unchecked Sendable {
    // Sendable is right: libpq only reads it, on one thread.
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        PQfreeCancel(pointer)
    }

    /// Returns when the server has passed the signal on.
    ///
    /// - Returns: What went wrong, or `nil`.
    func send() -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
            PQcancel(pointer, message.baseAddress, Int32(message.count)) == 1
                ? nil : message.baseAddress.map { PostgresError.firstLine(String(cString: $0)) } ?? ""
        }
    }
}
