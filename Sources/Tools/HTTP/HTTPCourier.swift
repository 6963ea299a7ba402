import Conversation
internal import HTTP

/// Sends a tool's requests, by its policy, and follows redirects.
struct HTTPCourier: Sendable {
    /// The most redirects that are followed.
    static let maximumRedirects = 5

    /// The most addresses of a host that are tried.
    private static let maximumAddresses = 3

    /// The tool's name.
    package let tool: String

    /// Which hosts and addresses may be spoken to.
    package let policy: HTTPPolicy

    /// The most bytes of a body that are read, after decompression.
    package let maximumBodyBytes: Int

    /// The longest time of everything together.
    package let timeout: Duration

    /// Sends a request and reads the answer.
    ///
    /// - Throws: ``ToolError``: refused, failed, too late.
    package func send(_ message: HTTPMessage, in context: ToolContext) async throws(ToolError) -> HTTPAnswer {
        guard let client = context.services.http else {
            throw ToolError(.failed, "This process cannot speak HTTP.")
        }
        // A little before the call is over, so that what is said is why.
        let own = ContinuousClock.now + timeout * 0.95
        let end = context.deadline.map { min($0, own) } ?? own
        var message = message
        for _ in 0...Self.maximumRedirects {
            let answer = try await exchange(message, client, end, context)
            guard [301, 302, 303, 307, 308].contains(answer.status),
                let location = answer.headers.first(name: "location")
            else { return answer }
            let next = try ToolError.reading { () throws(WebAddress.Malformed) in
                try message.address.following(location)
            }
            message = try message.redirected(to: next, status: answer.status)
        }
        throw ToolError(
            .failed,
            "\(message.address.shown) leads on and on: more than \(Self.maximumRedirects) redirects."
        )
    }

    /// One request and its answer, whatever its status.
    private func exchange(
        _ message: HTTPMessage,
        _ client: HTTPClient,
        _ end: ContinuousClock.Instant,
        _ context: ToolContext
    ) async throws(ToolError) -> HTTPAnswer {
        let addresses = try await policy.addresses(for: message.address, tool: tool, in: context)
        guard !message.holdsSecrets || message.address.isSecure || addresses.allSatisfy({ $0.reach != .public }) else {
            throw ToolError(
                .denied,
                "This tool's secrets are sent over https only, and \(message.address.origin) is http."
            )
        }
        var failure = HTTPClientError(.connect, "there is no address")
        for address in addresses.prefix(Self.maximumAddresses) {
            do throws(HTTPClientError) {
                return try await exchange(message, client, end, address, context.gate)
            } catch {
                failure = error
                // Only as long as nothing was sent is another address no second request.
                guard error.code == .connect || error.code == .timeoutConnect, end > .now else { break }
            }
        }
        throw Self.error(failure, message.address)
    }

    private func exchange(
        _ message: HTTPMessage,
        _ client: HTTPClient,
        _ end: ContinuousClock.Instant,
        _ address: IPAddress,
        _ gate: EffectGate?
    ) async throws(HTTPClientError) -> HTTPAnswer {
        let left = max(.milliseconds(1), end - .now)
        let request = HTTPClientRequest(
            method: message.method,
            url: message.address.url,
            headers: message.headers,
            body: message.body,
            connectTimeout: min(.seconds(5), left),
            idleTimeout: left,
            totalTimeout: left,
            // Reading stops by itself; this only bounds what one piece may unpack to.
            maximumBodyBytes: maximumBodyBytes + (16 << 20),
            maximumHeadBytes: 64 << 10,
            address: address
        )
        let response = try await client.execute(request, mayBeSent: { gate?.pass() ?? true })
        var body: [UInt8] = []
        var iterator = response.body.makeAsyncIterator()
        var isCut = false
        while !isCut, let piece = try await iterator.next() {
            let room = maximumBodyBytes - body.count
            body += piece.prefix(room)
            isCut = piece.count > room
        }
        return HTTPAnswer(
            status: response.status,
            headers: response.headers,
            body: body,
            isCut: isCut,
            address: message.address
        )
    }

    private static func error(_ error: HTTPClientError, _ address: WebAddress) -> ToolError {
        let place = address.shown
        switch error.code {
        case .invalidRequest: return ToolError(.invalidArguments, "The request cannot be sent: \(error.message).")
        case .refused: return ToolError(.notBegun, "The request was not sent: the worker was cut off.")
        case .cancelled, .shutdown: return ToolError(.cancelled, "The request was stopped.")
        case .timeoutIdle, .timeoutTotal, .timeoutConnect:
            return ToolError(.timeout, "\(place) took too long: \(error.message).")
        default: return ToolError(.failed, "\(place) could not be asked: \(error.message).")
        }
    }
}
