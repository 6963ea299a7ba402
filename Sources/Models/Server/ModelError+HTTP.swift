package import HTTP

extension ModelError {
    /// A redirect.
    ///
    /// It is not followed: the key and the conversation would go to a server that the model's row does not name.
    init(redirect location: String, of path: String, status: Int, scrubber: SecretScrubber) {
        // What follows the path may hold a secret.
        let place = scrubber.scrub(String(location.prefix { $0 != "?" && $0 != "#" }), maximumBytes: 300)
        let base = place.hasSuffix(path) ? String(place.dropLast(path.count)) : place
        self.init(
            .invalidRequest,
            "the server answered with status \(status), a redirect to \(place), which is not followed; "
                + "is base_url: \(base) meant?",
            status: status
        )
    }

    /// A failure of the connection to the server.
    ///
    /// - Parameters:
    ///   - error: What the HTTP client reports.
    ///   - duringAnswer: Whether the answer had begun.
    package init(http error: HTTPClientError, duringAnswer: Bool = false) {
        switch error.code {
        case .invalidRequest:
            self.init(.configuration, "the request could not be sent: \(error.message)")
        case .timeoutConnect:
            self.init(.timeout, "the server did not accept a connection in time")
        case .timeoutIdle:
            self.init(.timeout, "the server fell silent for longer than the idle timeout")
        case .timeoutTotal:
            self.init(.timeout, "the answer took longer than the total timeout")
        case .cancelled:
            self.init(.cancelled, "the call was cancelled")
        case .bodyTooLarge:
            self.init(.tooLarge, "the answer is larger than the limit of bytes")
        case .truncated:
            self.init(.truncated, "the connection was cut in the middle of the answer")
        case .malformed:
            self.init(.malformed, "the server's answer is not valid HTTP or not a valid event stream")
        case .resolve:
            self.init(.unreachable, "the server's name could not be resolved")
        case .tls:
            self.init(.unreachable, "no secure connection to the server: \(error.message)")
        case .shutdown:
            self.init(.unreachable, "the HTTP client is shut down")
        default:
            let what = duringAnswer ? "the connection broke during the answer" : "the server cannot be reached"
            self.init(duringAnswer ? .truncated : .unreachable, "\(what): \(error.message)")
        }
    }
}
