import Glibc

/// A port on which nobody accepts connections, and whose queue is full: a further connection is never made.
struct FullListener {
    let port: UInt16
    private let descriptors: [Int32]

    struct Failure: Error {
        let number: Int32
    }

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var descriptors = [listener]
        let isListening = withUnsafeMutableBytes(of: &address) { bytes in
            guard let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
            guard bind(listener, pointer, length) == 0, listen(listener, 0) == 0 else { return false }
            guard getsockname(listener, pointer, &length) == 0 else { return false }
            // One waits to be accepted; a second one fills what the kernel keeps beyond the queue.
            for _ in 0..<4 {
                let client = socket(
                    AF_INET,
                    Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
                    0
                )
                _ = connect(client, pointer, length)
                descriptors.append(client)
            }
            return true
        }
        guard isListening else { throw Failure(number: errno) }
        port = UInt16(bigEndian: address.sin_port)
        self.descriptors = descriptors
    }

    func close() {
        for descriptor in descriptors { Glibc.close(descriptor) }
    }
}
