internal import Glibc
import Reactor

/// Finds the addresses of hosts.
///
/// Who has to know where a request goes before it is sent resolves the name here, checks the addresses, and sends the
/// request to one of them with ``HTTPClientRequest/address``.
public struct HostResolver: Sendable {
    private let lookUp: @Sendable (String) async throws(HTTPClientError) -> [IPAddress]

    /// A resolver.
    ///
    /// - Parameter lookUp: Finds the addresses of a name.
    public init(_ lookUp: @escaping @Sendable (_ host: String) async throws(HTTPClientError) -> [IPAddress]) {
        self.lookUp = lookUp
    }

    /// The system's resolver: files, name servers and whatever else it is set up with.
    public static let system = HostResolver { host throws(HTTPClientError) in try await SystemLookup.addresses(of: host)
    }

    /// The addresses of a host.
    ///
    /// - Parameter host: A name; an address in its usual spelling stands for itself.
    /// - Returns: The addresses, at least one, in the order in which they are to be tried.
    /// - Throws: ``HTTPClientError/Code/resolve`` if there are none, ``HTTPClientError/Code/cancelled``.
    public func addresses(of host: String) async throws(HTTPClientError) -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        let addresses = try await lookUp(host)
        guard !addresses.isEmpty else { throw HTTPClientError(.resolve, "the host has no address") }
        return addresses
    }
}

/// Look-ups by `getaddrinfo`, which blocks: each has a thread of its own, and there is a limit to them.
private enum SystemLookup {
    private static let maximumAtOnce = 32
    private static let maximumAddresses = 16
    private static let running = LockedValue(0)

    /// Where the answer or the end of waiting goes, whichever is first.
    private final class Waiter: Sendable {
        typealias Answer = Result<[IPAddress], HTTPClientError>
        private let state = LockedValue<(continuation: CheckedContinuation<Answer, Never>?, answer: Answer?)>(
            (nil, nil)
        )

        func wait(_ continuation: CheckedContinuation<Answer, Never>) {
            let answer = state.withLock { state -> Answer? in
                if state.answer == nil { state.continuation = continuation }
                return state.answer
            }
            if let answer { continuation.resume(returning: answer) }
        }

        func finish(_ answer: Answer) {
            let continuation = state.withLock { state -> CheckedContinuation<Answer, Never>? in
                defer { state.continuation = nil }
                if state.answer == nil { state.answer = answer }
                return state.continuation
            }
            continuation?.resume(returning: answer)
        }
    }

    static func addresses(of host: String) async throws(HTTPClientError) -> [IPAddress] {
        let mayStart = running.withLock { running in
            guard running < maximumAtOnce else { return false }
            running += 1
            return true
        }
        guard mayStart else { throw HTTPClientError(.resolve, "too many names are being looked up") }
        let waiter = Waiter()
        let isStarted = DetachedThread.start(name: "resolver") {
            waiter.finish(lookUp(host))
            running.withLock { $0 -= 1 }
        }
        if !isStarted {
            running.withLock { $0 -= 1 }
            throw HTTPClientError(.resolve, "there is no thread to look the name up")
        }
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter.wait($0) }
        } onCancel: {
            waiter.finish(.failure(HTTPClientError(.cancelled, "the task was cancelled")))
        }
        return try answer.get()
    }

    private static func lookUp(_ host: String) -> Result<[IPAddress], HTTPClientError> {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            return .failure(
                HTTPClientError(.resolve, "the host cannot be found: \(String(cString: gai_strerror(status)))")
            )
        }
        defer { freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var entry = list
        while let current = entry, addresses.count < maximumAddresses {
            if let address = current.pointee.ai_addr.flatMap({ IPAddress($0) }), !addresses.contains(address) {
                addresses.append(address)
            }
            entry = current.pointee.ai_next
        }
        return .success(addresses)
    }
}
