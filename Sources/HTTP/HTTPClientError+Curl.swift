internal import CCurl

extension HTTPClientError {
    /// How far a transfer had come when it failed; the same libcurl code means different things before and after.
    struct Progress {
        /// The request's bytes began to leave.
        var requestWasSent: Bool
        /// At least one byte of a response head arrived.
        var headHasBegun: Bool
    }

    /// Translates libcurl's result.
    ///
    /// - Parameters:
    ///   - result: Anything but `CURLE_OK`.
    ///   - detail: The text libcurl left in the error buffer, or an empty string.
    ///   - progress: How far the transfer had come.
    init(_ result: CURLcode, detail: String, progress: Progress) {
        let message = detail.isEmpty ? String(cString: curl_easy_strerror(result)) : detail
        let code = Self.code(result, message: message, progress: progress)
        self.init(code, message, curlCode: Int(result.rawValue))
    }

    private static func code(_ result: CURLcode, message: String, progress: Progress) -> Code {
        switch result {
        case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED, CURLE_BAD_FUNCTION_ARGUMENT:
            return .invalidRequest
        case CURLE_UNSUPPORTED_PROTOCOL:
            // Also what libcurl says to an answer that is no HTTP/1 at all (it takes it for HTTP/0.9).
            return progress.requestWasSent ? .malformed : .invalidRequest
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            return .resolve
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED, CURLE_PROXY:
            return .connect
        case CURLE_OPERATION_TIMEDOUT:
            // The idle and total times are kept by the engine; only the connect time is left to libcurl.
            return .timeoutConnect
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_USE_SSL_FAILED:
            return .tls
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WEIRD_SERVER_REPLY:
            return .malformed
        case CURLE_PARTIAL_FILE:
            return .truncated
        case CURLE_RECV_ERROR where message.contains("chunked-encoding"):
            // libcurl has no code of its own for a chunk that does not parse.
            return .malformed
        default:
            // Before the request was sent it was the connection that failed, or the tunnel through a proxy.
            return !progress.requestWasSent ? .connect : progress.headHasBegun ? .truncated : .transport
        }
    }
}
