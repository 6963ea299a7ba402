import Glibc

/// Runs `body` with the URL of a port that refuses connections: it is taken, so that no other test can get it meanwhile,
/// and nobody listens on it.
///
/// - Parameter body: What is done with the URL, `http://127.0.0.1:PORT`.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws, or an error of the system when no port can be had.
public func withRefusingPort<Result>(_ body: (_ url: String) async throws -> Result) async throws -> Result {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw TemporaryResourceError("no socket: \(errno)") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
        }
    }
    guard isBound else { throw TemporaryResourceError("no port: \(errno)") }
    return try await body("http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))")
}
